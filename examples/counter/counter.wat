;; A counter: inc adds one, add adds a number, get reads. Its number survives upgrades.
;;
;; Memory: 0 the scratch for arguments and replies; 256 the header of a reply; 300 messages.
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

  (memory (export "memory") 1)
  (global $count (mut i64) (i64.const 0))

  ;; "DIDL", no types, one value of type nat (-3).
  (data (i32.const 256) "DIDL\00\01\7d")
  (data (i32.const 300) "one nat64 is wanted as the argument")
  (data (i32.const 350) "the counter is full")

  (func $inc (export "canister_update inc")
    (call $increase (i64.const 1)))

  (func $add (export "canister_update add")
    (call $increase (call $argument)))

  (func $get (export "canister_query get")
    (call $reply_count))

  (func $pre_upgrade (export "canister_pre_upgrade")
    (if (i64.eqz (call $stable_size))
      (then
        (if (i64.eq (call $stable_grow (i64.const 1)) (i64.const -1))
          (then unreachable))))
    (i64.store (i32.const 0) (global.get $count))
    (call $stable_write (i64.const 0) (i64.const 0) (i64.const 8)))

  (func $post_upgrade (export "canister_post_upgrade")
    (if (i64.ne (call $stable_size) (i64.const 0))
      (then
        (call $stable_read (i64.const 0) (i64.const 0) (i64.const 8))
        (global.set $count (i64.load (i32.const 0))))))

  (func $increase (param $by i64)
    (local $sum i64)
    (local.set $sum (i64.add (global.get $count) (local.get $by)))
    (if (i64.lt_u (local.get $sum) (local.get $by))
      (then (call $trap (i32.const 350) (i32.const 19))))
    (global.set $count (local.get $sum))
    (call $reply_count))

  ;; The one nat64: "DIDL", no types, one value of type nat64 (-8), eight bytes.
  (func $argument (result i64)
    (if (i32.ne (call $arg_size) (i32.const 15))
      (then (call $trap (i32.const 300) (i32.const 35))))
    (call $arg_copy (i32.const 0) (i32.const 0) (i32.const 15))
    (if (i64.ne
          (i64.and (i64.load (i32.const 0)) (i64.const 0x00ffffffffffffff))
          (i64.const 0x007801004c444944))
      (then (call $trap (i32.const 300) (i32.const 35))))
    (i64.load offset=7 (i32.const 0)))

  ;; Replies with the count as a nat: seven bits a byte, the lowest first.
  (func $reply_count
    (local $rest i64)
    (local $end i32)
    (local.set $rest (global.get $count))
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
    (call $reply_append (i32.const 256) (i32.const 7))
    (call $reply_append (i32.const 0) (i32.add (local.get $end) (i32.const 1)))
    (call $reply))

  (@custom "icp:public candid:service" "service : {\n  inc : () -> (nat);\n  add : (nat64) -> (nat);\n  get : () -> (nat) query;\n}\n")
)
