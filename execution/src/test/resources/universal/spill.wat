;; Writes to many pages. The argument of each method is a number of pages, 4 bytes; its reply the sum
;; of what it wrote, 8 bytes. Page i gets i * 7 + 1; pages begin at 1, page 0 is scratch.
(module
  (import "ic0" "msg_arg_data_copy" (func $arg_copy (param i32 i32 i32)))
  (import "ic0" "msg_reply_data_append" (func $reply_append (param i32 i32)))
  (import "ic0" "msg_reply" (func $reply))
  (import "ic0" "stable64_grow" (func $grow (param i64) (result i64)))
  (import "ic0" "stable64_read" (func $read (param i64 i64 i64)))
  (import "ic0" "stable64_write" (func $write (param i64 i64 i64)))
  (memory (export "memory") 8000)

  (func $pages (result i32)
    i32.const 0 i32.const 0 i32.const 4 call $arg_copy
    i32.const 0 i32.load)

  (func $answer (param $sum i64)
    i32.const 8 local.get $sum i64.store
    i32.const 8 i32.const 8 call $reply_append
    call $reply)

  (func $value (param $i i32) (result i64)
    local.get $i i64.extend_i32_u i64.const 7 i64.mul i64.const 1 i64.add)

  (func $fill (param $pages i32)
    (local $i i32)
    (loop $next
      local.get $i i32.const 1 i32.add local.tee $i
      i32.const 4096 i32.mul
      local.get $i call $value
      i64.store
      local.get $i local.get $pages i32.lt_u br_if $next)
    )

  ;; From the last to the first, so that the oldest, which have left memory, come last.
  (func $sum (param $pages i32) (result i64)
    (local $sum i64)
    (loop $next
      local.get $pages i32.const 4096 i32.mul i64.load
      local.get $sum i64.add local.set $sum
      local.get $pages i32.const 1 i32.sub local.tee $pages
      br_if $next)
    local.get $sum)

  (func $fill_stable (param $pages i32)
    (local $i i32)
    (loop $next
      local.get $i i32.const 1 i32.add local.set $i
      i32.const 16 local.get $i call $value i64.store
      local.get $i i64.extend_i32_u i64.const 4096 i64.mul i64.const 16 i64.const 8 call $write
      local.get $i local.get $pages i32.lt_u br_if $next)
    )

  (func $sum_stable (param $pages i32) (result i64)
    (local $sum i64)
    (loop $next
      i64.const 24 local.get $pages i64.extend_i32_u i64.const 4096 i64.mul i64.const 8 call $read
      i32.const 24 i64.load local.get $sum i64.add local.set $sum
      local.get $pages i32.const 1 i32.sub local.tee $pages
      br_if $next)
    local.get $sum)

  (func $run_init (export "canister_init") i64.const 8000 call $grow drop)

  (func $run_heap (export "canister_update heap")
    (local $pages i32)
    call $pages local.tee $pages call $fill
    local.get $pages call $sum call $answer)

  (func $run_stable (export "canister_update stable")
    (local $pages i32)
    call $pages local.tee $pages call $fill_stable
    local.get $pages call $sum_stable call $answer)

  (func $run_both (export "canister_update both")
    (local $pages i32)
    call $pages local.tee $pages call $fill
    local.get $pages call $fill_stable
    local.get $pages call $sum local.get $pages call $sum_stable i64.add call $answer)

  ;; Moves what was filled one page up, all at once.
  (func $run_move (export "canister_update move")
    (local $pages i32)
    call $pages local.tee $pages call $fill
    i32.const 8192 i32.const 4096 local.get $pages i32.const 4096 i32.mul memory.copy
    local.get $pages i32.const 1 i32.add call $sum call $answer)

  (func $run_clear_and_trap (export "canister_update clear_and_trap")
    (local $pages i32)
    call $pages local.tee $pages call $fill
    i32.const 4096 i32.const 0 local.get $pages i32.const 4096 i32.mul memory.fill
    local.get $pages call $fill_stable
    unreachable)

  ;; Reads what it wrote again and again, more than memory holds.
  (func $run_round_and_round (export "canister_update round_and_round")
    (local $pages i32)
    call $pages local.tee $pages call $fill
    (loop $again
      local.get $pages call $sum drop
      br $again)
    )

  (func $run_sum (export "canister_query sum") call $pages call $sum call $answer)
  (func $run_sum_stable (export "canister_query sum_stable") call $pages call $sum_stable call $answer)

  (func $run_heap_in_query (export "canister_query heap_in_query")
    (local $pages i32)
    call $pages local.tee $pages call $fill
    local.get $pages call $sum call $answer))
