;; A log of numbers in stable memory, which upgrades leave as it is: append answers the place where
;; the number stands, size how many there are, count how often a number stands in it, read a part
;; of it by first place and length.
;;
;; Stable memory: 0 how many numbers, 8 the numbers, eight bytes each, the lowest byte first.
;; Memory: 0 arguments and replies, 64 headers of replies, 100 messages, 65536 a part of the log.
(module
  (import "ic0" "msg_arg_data_size" (func $arg_size (result i32)))
  (import "ic0" "msg_arg_data_copy" (func $arg_copy (param i32 i32 i32)))
  (import "ic0" "msg_reply_data_append" (func $reply_append (param i32 i32)))
  (import "ic0" "msg_reply" (func $reply))
  (import "ic0" "trap" (func $trap (param i32 i32)))
  (import "ic0" "stable64_size" (func $stable_size (result i64)))
  (import "ic0" "stable64_grow" (func $stable_grow (param i64) (result i64)))
  (import "ic0" "stable64_read" (func $stable_read (param i64 i64 i64)))
  (import "ic0" "stable64_write" (func $stable_write (param i64 i64 i64)))

  (memory (export "memory") 2)

  ;; One value of type nat64 (-8).
  (data (i32.const 64) "DIDL\00\01\78")
  ;; Type 0 is vec nat64; one value of type 0.
  (data (i32.const 72) "DIDL\01\6d\78\01\00")
  (data (i32.const 100) "one nat64 is wanted as the argument")
  (data (i32.const 140) "two nat64 are wanted as arguments")
  (data (i32.const 180) "stable memory is full")

  (func $append (export "canister_update append")
    (local $number i64)
    (local $size i64)
    (local $end i64)
    (local.set $number (call $argument))
    (local.set $size (call $length))
    ;; Where the number will end.
    (local.set $end (i64.add (i64.const 16) (i64.mul (local.get $size) (i64.const 8))))
    (if (i64.gt_u (local.get $end) (i64.mul (call $stable_size) (i64.const 65536)))
      (then
        (if (i64.eq (call $stable_grow (i64.const 16)) (i64.const -1))
          (then (call $trap (i32.const 180) (i32.const 21))))))
    (i64.store (i32.const 0) (local.get $number))
    (call $stable_write
      (i64.sub (local.get $end) (i64.const 8)) (i64.const 0) (i64.const 8))
    (i64.store (i32.const 0) (i64.add (local.get $size) (i64.const 1)))
    (call $stable_write (i64.const 0) (i64.const 0) (i64.const 8))
    (call $reply_number (local.get $size)))

  (func $size (export "canister_query size")
    (call $reply_number (call $length)))

  (func $count (export "canister_query count")
    (local $number i64)
    (local $place i64)
    (local $size i64)
    (local $part i64)
    (local $at i32)
    (local $end i32)
    (local $found i64)
    (local.set $number (call $argument))
    (local.set $size (call $length))
    (block $done
      (loop $next_part
        (br_if $done (i64.ge_u (local.get $place) (local.get $size)))
        (local.set $part (call $load (local.get $place) (i64.sub (local.get $size) (local.get $place))))
        (local.set $at (i32.const 65536))
        (local.set $end
          (i32.add (i32.const 65536) (i32.shl (i32.wrap_i64 (local.get $part)) (i32.const 3))))
        (loop $next
          (if (i64.eq (i64.load (local.get $at)) (local.get $number))
            (then (local.set $found (i64.add (local.get $found) (i64.const 1)))))
          (local.set $at (i32.add (local.get $at) (i32.const 8)))
          (br_if $next (i32.lt_u (local.get $at) (local.get $end))))
        (local.set $place (i64.add (local.get $place) (local.get $part)))
        (br $next_part)))
    (call $reply_number (local.get $found)))

  (func $read (export "canister_query read")
    (local $place i64)
    (local $rest i64)
    (local $part i64)
    (local $size i64)
    (if (i32.ne (call $arg_size) (i32.const 24))
      (then (call $trap (i32.const 140) (i32.const 33))))
    (call $arg_copy (i32.const 0) (i32.const 0) (i32.const 24))
    ;; "DIDL", no types, two values of type nat64.
    (if (i64.ne (i64.load (i32.const 0)) (i64.const 0x787802004c444944))
      (then (call $trap (i32.const 140) (i32.const 33))))
    (local.set $place (i64.load offset=8 (i32.const 0)))
    (local.set $rest (i64.load offset=16 (i32.const 0)))
    (local.set $size (call $length))
    (if (i64.gt_u (local.get $place) (local.get $size))
      (then (local.set $place (local.get $size))))
    (if (i64.gt_u (local.get $rest) (i64.sub (local.get $size) (local.get $place)))
      (then (local.set $rest (i64.sub (local.get $size) (local.get $place)))))
    (call $reply_append (i32.const 72) (i32.const 9))
    (call $append_nat (local.get $rest))
    (block $done
      (loop $next_part
        (br_if $done (i64.eqz (local.get $rest)))
        (local.set $part (call $load (local.get $place) (local.get $rest)))
        (call $reply_append
          (i32.const 65536) (i32.shl (i32.wrap_i64 (local.get $part)) (i32.const 3)))
        (local.set $place (i64.add (local.get $place) (local.get $part)))
        (local.set $rest (i64.sub (local.get $rest) (local.get $part)))
        (br $next_part)))
    (call $reply))

  ;; How many numbers stand in the log.
  (func $length (result i64)
    (if (i64.eqz (call $stable_size))
      (then (return (i64.const 0))))
    (call $stable_read (i64.const 0) (i64.const 0) (i64.const 8))
    (i64.load (i32.const 0)))

  ;; Copies numbers from a place on to 65536, at most 8192 of them; how many.
  (func $load (param $place i64) (param $wanted i64) (result i64)
    (if (i64.gt_u (local.get $wanted) (i64.const 8192))
      (then (local.set $wanted (i64.const 8192))))
    (call $stable_read
      (i64.const 65536)
      (i64.add (i64.const 8) (i64.mul (local.get $place) (i64.const 8)))
      (i64.mul (local.get $wanted) (i64.const 8)))
    (local.get $wanted))

  ;; The one nat64: "DIDL", no types, one value of type nat64 (-8), eight bytes.
  (func $argument (result i64)
    (if (i32.ne (call $arg_size) (i32.const 15))
      (then (call $trap (i32.const 100) (i32.const 35))))
    (call $arg_copy (i32.const 0) (i32.const 0) (i32.const 15))
    (if (i64.ne
          (i64.and (i64.load (i32.const 0)) (i64.const 0x00ffffffffffffff))
          (i64.const 0x007801004c444944))
      (then (call $trap (i32.const 100) (i32.const 35))))
    (i64.load offset=7 (i32.const 0)))

  (func $reply_number (param $number i64)
    (i64.store (i32.const 0) (local.get $number))
    (call $reply_append (i32.const 64) (i32.const 7))
    (call $reply_append (i32.const 0) (i32.const 8))
    (call $reply))

  ;; A length: seven bits a byte, the lowest first.
  (func $append_nat (param $rest i64)
    (local $end i32)
    (block $done
      (loop $next
        (i32.store8 (local.get $end) (i32.wrap_i64 (i64.and (local.get $rest) (i64.const 0x7f))))
        (local.set $rest (i64.shr_u (local.get $rest) (i64.const 7)))
        (br_if $done (i64.eqz (local.get $rest)))
        (i32.store8
          (local.get $end)
          (i32.or (i32.load8_u (local.get $end)) (i32.const 0x80)))
        (local.set $end (i32.add (local.get $end) (i32.const 1)))
        (br $next)))
    (call $reply_append (i32.const 0) (i32.add (local.get $end) (i32.const 1))))

  (@custom "icp:public candid:service" "service : {\n  append : (nat64) -> (nat64);\n  size : () -> (nat64) query;\n  count : (nat64) -> (nat64) query;\n  read : (nat64, nat64) -> (vec nat64) query;\n}\n")
)
