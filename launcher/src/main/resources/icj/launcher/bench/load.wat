;; What ic bench calls: numbers are marked by updates and looked up afterwards, so that a lost one is
;; seen. mark writes into few pages, mark_apart each number into a page of its own among 131,072;
;; spread makes room for those. marked and marked_apart tell of a run of numbers which are marked, a
;; bit each, the lowest bit of the first byte first. last answers the number marked last, twice how
;; often mark met a number that was marked already.
;;
;; Memory: 0 arguments, 24 the last number, 32 how many came twice, 64 heads of replies, 100 messages, 32768 bits of a
;; reply, 65536 marks of the close kind (2 MiB), 4 MiB marks of the spread kind (512 MiB).
(module
  (import "ic0" "msg_arg_data_size" (func $arg_size (result i32)))
  (import "ic0" "msg_arg_data_copy" (func $arg_copy (param i32 i32 i32)))
  (import "ic0" "msg_reply_data_append" (func $reply_append (param i32 i32)))
  (import "ic0" "msg_reply" (func $reply))
  (import "ic0" "trap" (func $trap (param i32 i32)))

  (memory (export "memory") 64)

  ;; No values.
  (data (i32.const 64) "DIDL\00\00")
  ;; One value of type nat64 (-8).
  (data (i32.const 72) "DIDL\00\01\78")
  ;; Type 0 is vec nat8; one value of type 0.
  (data (i32.const 80) "DIDL\01\6d\7b\01\00")
  (data (i32.const 100) "one nat64 is wanted as the argument")
  (data (i32.const 140) "two nat64 are wanted as arguments")
  (data (i32.const 180) "the number is too large")
  (data (i32.const 210) "at most 131072 numbers at once, in eights")
  (data (i32.const 260) "there is no room for the spread kind")

  (func $mark (export "canister_update mark")
    (local $number i64)
    (local.set $number (call $argument))
    (i64.store (i32.const 32)
      (i64.add
        (i64.load (i32.const 32))
        (i64.extend_i32_u (call $is_marked (i32.const 0) (local.get $number)))))
    (call $set (call $close (local.get $number)) (local.get $number))
    (i64.store (i32.const 24) (local.get $number))
    (call $done))

  (func $mark_apart (export "canister_update mark_apart")
    (local $number i64)
    (local.set $number (call $argument))
    (call $set (call $apart (local.get $number)) (i64.shr_u (local.get $number) (i64.const 17)))
    (call $done))

  (func $spread (export "canister_update spread")
    (if (i32.lt_u (memory.size) (i32.const 8256))
      (then
        (if (i32.eq (memory.grow (i32.sub (i32.const 8256) (memory.size))) (i32.const -1))
          (then (call $trap (i32.const 260) (i32.const 36))))))
    (call $done))

  (func $last (export "canister_query last")
    (call $reply_append (i32.const 72) (i32.const 7))
    (call $reply_append (i32.const 24) (i32.const 8))
    (call $reply))

  (func $twice (export "canister_query twice")
    (call $reply_append (i32.const 72) (i32.const 7))
    (call $reply_append (i32.const 32) (i32.const 8))
    (call $reply))

  (func $marked (export "canister_query marked")
    (call $run (i32.const 0)))

  (func $marked_apart (export "canister_query marked_apart")
    (call $run (i32.const 1)))

  ;; The byte of a number's mark of the close kind: one bit each.
  (func $close (param $number i64) (result i32)
    (if (i64.ge_u (local.get $number) (i64.const 16777216))
      (then (call $trap (i32.const 180) (i32.const 23))))
    (i32.add (i32.const 65536) (i32.wrap_i64 (i64.shr_u (local.get $number) (i64.const 3)))))

  ;; The byte of a number's mark of the spread kind: the next number lies a page further on.
  (func $apart (param $number i64) (result i32)
    (if (i64.ge_u (local.get $number) (i64.const 0x100000000))
      (then (call $trap (i32.const 180) (i32.const 23))))
    (i32.add
      (i32.add
        (i32.const 4194304)
        (i32.shl
          (i32.and (i32.wrap_i64 (local.get $number)) (i32.const 131071))
          (i32.const 12)))
      (i32.wrap_i64 (i64.shr_u (local.get $number) (i64.const 20)))))

  ;; Sets the bit of a byte that the lowest three bits of $bit name.
  (func $set (param $byte i32) (param $bit i64)
    (i32.store8
      (local.get $byte)
      (i32.or
        (i32.load8_u (local.get $byte))
        (i32.shl (i32.const 1) (i32.and (i32.wrap_i64 (local.get $bit)) (i32.const 7))))))

  ;; The answer of marked and marked_apart.
  (func $run (param $is_apart i32)
    (local $number i64)
    (local $end i64)
    (local $byte i32)
    (local $bit i32)
    (local $out i32)
    (if (i32.ne (call $arg_size) (i32.const 24))
      (then (call $trap (i32.const 140) (i32.const 33))))
    (call $arg_copy (i32.const 0) (i32.const 0) (i32.const 24))
    ;; "DIDL", no types, two values of type nat64.
    (if (i64.ne (i64.load (i32.const 0)) (i64.const 0x787802004c444944))
      (then (call $trap (i32.const 140) (i32.const 33))))
    (local.set $number (i64.load offset=8 (i32.const 0)))
    (local.set $end (i64.load offset=16 (i32.const 0)))
    (if (i64.gt_u (local.get $end) (i64.const 131072))
      (then (call $trap (i32.const 210) (i32.const 41))))
    (if (i64.ne (i64.and (local.get $end) (i64.const 7)) (i64.const 0))
      (then (call $trap (i32.const 210) (i32.const 41))))
    (local.set $end (i64.add (local.get $end) (local.get $number)))
    (local.set $out (i32.const 32768))
    (block $done
      (loop $next
        (br_if $done (i64.ge_u (local.get $number) (local.get $end)))
        (local.set $byte (i32.const 0))
        (local.set $bit (i32.const 0))
        (loop $next_bit
          (local.set $byte
            (i32.or
              (local.get $byte)
              (i32.shl
                (call $is_marked (local.get $is_apart) (local.get $number))
                (local.get $bit))))
          (local.set $number (i64.add (local.get $number) (i64.const 1)))
          (local.set $bit (i32.add (local.get $bit) (i32.const 1)))
          (br_if $next_bit (i32.lt_u (local.get $bit) (i32.const 8))))
        (i32.store8 (local.get $out) (local.get $byte))
        (local.set $out (i32.add (local.get $out) (i32.const 1)))
        (br $next)))
    (call $reply_append (i32.const 80) (i32.const 9))
    (local.set $out (i32.sub (local.get $out) (i32.const 32768)))
    (call $append_nat (i64.extend_i32_u (local.get $out)))
    (call $reply_append (i32.const 32768) (local.get $out))
    (call $reply))

  (func $is_marked (param $is_apart i32) (param $number i64) (result i32)
    (local $byte i32)
    (if (local.get $is_apart)
      (then
        (local.set $byte (call $apart (local.get $number)))
        (local.set $number (i64.shr_u (local.get $number) (i64.const 17))))
      (else (local.set $byte (call $close (local.get $number)))))
    (i32.and
      (i32.shr_u
        (i32.load8_u (local.get $byte))
        (i32.and (i32.wrap_i64 (local.get $number)) (i32.const 7)))
      (i32.const 1)))

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

  (func $done
    (call $reply_append (i32.const 64) (i32.const 6))
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

  (@custom "icp:public candid:service" "service : {\n  mark : (nat64) -> ();\n  mark_apart : (nat64) -> ();\n  spread : () -> ();\n  last : () -> (nat64) query;\n  twice : () -> (nat64) query;\n  marked : (nat64, nat64) -> (vec nat8) query;\n  marked_apart : (nat64, nat64) -> (vec nat8) query;\n}\n")
)
