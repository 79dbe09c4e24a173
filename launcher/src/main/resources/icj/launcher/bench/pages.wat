;; Pages of 4096 bytes for ic bench root: touch writes a number into each of a run of them and grows
;; the memory as far as that needs. Its argument is three numbers of eight bytes, the lowest byte
;; first: the first page, how many, the number. Memory: 0 the argument; the pages begin at 65536.
(module
  (import "ic0" "msg_arg_data_copy" (func $arg_copy (param i32 i32 i32)))
  (import "ic0" "msg_reply" (func $reply))

  (memory (export "memory") 2)

  (func $touch (export "canister_update touch")
    (local $at i32)
    (local $end i32)
    (local $wanted i32)
    (call $arg_copy (i32.const 0) (i32.const 0) (i32.const 24))
    (local.set $at
      (i32.add (i32.const 65536) (i32.shl (i32.load (i32.const 0)) (i32.const 12))))
    (local.set $end
      (i32.add (local.get $at) (i32.shl (i32.load (i32.const 8)) (i32.const 12))))
    (local.set $wanted
      (i32.add (i32.shr_u (local.get $end) (i32.const 16)) (i32.const 1)))
    (if (i32.lt_u (memory.size) (local.get $wanted))
      (then
        (if (i32.eq (memory.grow (i32.sub (local.get $wanted) (memory.size))) (i32.const -1))
          (then unreachable))))
    (block $done
      (loop $next
        (br_if $done (i32.ge_u (local.get $at) (local.get $end)))
        (i64.store (local.get $at) (i64.load (i32.const 16)))
        ;; Pages differ.
        (i32.store offset=8 (local.get $at) (local.get $at))
        (local.set $at (i32.add (local.get $at) (i32.const 4096)))
        (br $next)))
    (call $reply))
)
