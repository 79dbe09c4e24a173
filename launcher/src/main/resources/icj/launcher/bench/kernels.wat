;; Work for ic bench wasm: each method does some ten milliseconds of it and replies with a
;; number that depends on all of it, so that engines can be seen to agree.
;;
;; Memory: 0 the reply, 64 the constants of SHA-256, 512 its words, 1024 its state, 65536 data.
(module
  (import "ic0" "msg_reply_data_append" (func $reply_append (param i32 i32)))
  (import "ic0" "msg_reply" (func $reply))

  (memory (export "memory") 80)

  (global $seed (mut i32) (i32.const 1))

  (table funcref (elem $rotate $mix $step $fold))

  (data (i32.const 64)
    "\98\2f\8a\42\91\44\37\71\cf\fb\c0\b5\a5\db\b5\e9\5b\c2\56\39\f1\11\f1\59\a4\82\3f\92\d5\5e\1c\ab"
    "\98\aa\07\d8\01\5b\83\12\be\85\31\24\c3\7d\0c\55\74\5d\be\72\fe\b1\de\80\a7\06\dc\9b\74\f1\9b\c1"
    "\c1\69\9b\e4\86\47\be\ef\c6\9d\c1\0f\cc\a1\0c\24\6f\2c\e9\2d\aa\84\74\4a\dc\a9\b0\5c\da\88\f9\76"
    "\52\51\3e\98\6d\c6\31\a8\c8\27\03\b0\c7\7f\59\bf\f3\0b\e0\c6\47\91\a7\d5\51\63\ca\06\67\29\29\14"
    "\85\0a\b7\27\38\21\1b\2e\fc\6d\2c\4d\13\0d\38\53\54\73\0a\65\bb\0a\6a\76\2e\c9\c2\81\85\2c\72\92"
    "\a1\e8\bf\a2\4b\66\1a\a8\70\8b\4b\c2\a3\51\6c\c7\19\e8\92\d1\24\06\99\d6\85\35\0e\f4\70\a0\6a\10"
    "\16\c1\a4\19\08\6c\37\1e\4c\77\48\27\b5\bc\b0\34\b3\0c\1c\39\4a\aa\d8\4e\4f\ca\9c\5b\f3\6f\2e\68"
    "\ee\82\8f\74\6f\63\a5\78\14\78\c8\84\08\02\c7\8c\fa\ff\be\90\eb\6c\50\a4\f7\a3\f9\be\f2\78\71\c6")

  ;; The compression of SHA-256 over 64 KiB, 24 times, each over the state that the one before left.
  (func $sha256 (export "canister_update sha256")
    (local $turn i32)
    (local $block i32)
    (call $sha_begin)
    (loop $next_turn
      (local.set $block (i32.const 65536))
      (loop $next_block
        (call $sha_block (local.get $block))
        (local.set $block (i32.add (local.get $block) (i32.const 64)))
        (br_if $next_block (i32.lt_u (local.get $block) (i32.const 131072))))
      (local.set $turn (i32.add (local.get $turn) (i32.const 1)))
      (br_if $next_turn (i32.lt_u (local.get $turn) (i32.const 24))))
    (call $answer (i64.load (i32.const 1024))))

  (func $sha_begin
    (i32.store (i32.const 1024) (i32.const 0x6a09e667))
    (i32.store (i32.const 1028) (i32.const 0xbb67ae85))
    (i32.store (i32.const 1032) (i32.const 0x3c6ef372))
    (i32.store (i32.const 1036) (i32.const 0xa54ff53a))
    (i32.store (i32.const 1040) (i32.const 0x510e527f))
    (i32.store (i32.const 1044) (i32.const 0x9b05688c))
    (i32.store (i32.const 1048) (i32.const 0x1f83d9ab))
    (i32.store (i32.const 1052) (i32.const 0x5be0cd19)))

  (func $sha_block (param $block i32)
    (local $i i32)
    (local $w i32)
    (local $x i32)
    (local $a i32)
    (local $b i32)
    (local $c i32)
    (local $d i32)
    (local $e i32)
    (local $f i32)
    (local $g i32)
    (local $h i32)
    (local $t i32)
    ;; The words: 16 of the block, 48 made of them.
    (loop $next
      (i32.store offset=512 (local.get $i) (i32.load (i32.add (local.get $block) (local.get $i))))
      (local.set $i (i32.add (local.get $i) (i32.const 4)))
      (br_if $next (i32.lt_u (local.get $i) (i32.const 64))))
    (loop $next
      (local.set $w (i32.load offset=452 (local.get $i)))
      (local.set $x (i32.load offset=504 (local.get $i)))
      (i32.store offset=512 (local.get $i)
        (i32.add
          (i32.add
            (i32.load offset=448 (local.get $i))
            (i32.load offset=484 (local.get $i)))
          (i32.add
            (i32.xor
              (i32.xor
                (i32.rotr (local.get $w) (i32.const 7))
                (i32.rotr (local.get $w) (i32.const 18)))
              (i32.shr_u (local.get $w) (i32.const 3)))
            (i32.xor
              (i32.xor
                (i32.rotr (local.get $x) (i32.const 17))
                (i32.rotr (local.get $x) (i32.const 19)))
              (i32.shr_u (local.get $x) (i32.const 10))))))
      (local.set $i (i32.add (local.get $i) (i32.const 4)))
      (br_if $next (i32.lt_u (local.get $i) (i32.const 256))))
    (local.set $a (i32.load (i32.const 1024)))
    (local.set $b (i32.load (i32.const 1028)))
    (local.set $c (i32.load (i32.const 1032)))
    (local.set $d (i32.load (i32.const 1036)))
    (local.set $e (i32.load (i32.const 1040)))
    (local.set $f (i32.load (i32.const 1044)))
    (local.set $g (i32.load (i32.const 1048)))
    (local.set $h (i32.load (i32.const 1052)))
    (local.set $i (i32.const 0))
    (loop $next
      (local.set $t
        (i32.add
          (i32.add
            (i32.add
              (local.get $h)
              (i32.xor
                (i32.xor
                  (i32.rotr (local.get $e) (i32.const 6))
                  (i32.rotr (local.get $e) (i32.const 11)))
                (i32.rotr (local.get $e) (i32.const 25))))
            (i32.xor
              (i32.and (local.get $e) (local.get $f))
              (i32.and (i32.xor (local.get $e) (i32.const -1)) (local.get $g))))
          (i32.add
            (i32.load offset=64 (local.get $i))
            (i32.load offset=512 (local.get $i)))))
      (local.set $x
        (i32.add
          (i32.xor
            (i32.xor
              (i32.rotr (local.get $a) (i32.const 2))
              (i32.rotr (local.get $a) (i32.const 13)))
            (i32.rotr (local.get $a) (i32.const 22)))
          (i32.xor
            (i32.xor
              (i32.and (local.get $a) (local.get $b))
              (i32.and (local.get $a) (local.get $c)))
            (i32.and (local.get $b) (local.get $c)))))
      (local.set $h (local.get $g))
      (local.set $g (local.get $f))
      (local.set $f (local.get $e))
      (local.set $e (i32.add (local.get $d) (local.get $t)))
      (local.set $d (local.get $c))
      (local.set $c (local.get $b))
      (local.set $b (local.get $a))
      (local.set $a (i32.add (local.get $t) (local.get $x)))
      (local.set $i (i32.add (local.get $i) (i32.const 4)))
      (br_if $next (i32.lt_u (local.get $i) (i32.const 256))))
    (i32.store (i32.const 1024) (i32.add (local.get $a) (i32.load (i32.const 1024))))
    (i32.store (i32.const 1028) (i32.add (local.get $b) (i32.load (i32.const 1028))))
    (i32.store (i32.const 1032) (i32.add (local.get $c) (i32.load (i32.const 1032))))
    (i32.store (i32.const 1036) (i32.add (local.get $d) (i32.load (i32.const 1036))))
    (i32.store (i32.const 1040) (i32.add (local.get $e) (i32.load (i32.const 1040))))
    (i32.store (i32.const 1044) (i32.add (local.get $f) (i32.load (i32.const 1044))))
    (i32.store (i32.const 1048) (i32.add (local.get $g) (i32.load (i32.const 1048))))
    (i32.store (i32.const 1052) (i32.add (local.get $h) (i32.load (i32.const 1052)))))

  ;; Sorts 300,000 numbers.
  (func $quicksort (export "canister_update quicksort")
    (local $at i32)
    (local $sum i64)
    (global.set $seed (i32.const 7))
    (local.set $at (i32.const 65536))
    (loop $next
      (i32.store (local.get $at) (call $random))
      (local.set $at (i32.add (local.get $at) (i32.const 4)))
      (br_if $next (i32.lt_u (local.get $at) (i32.const 1265536))))
    (call $sort (i32.const 65536) (i32.const 1265532))
    (local.set $at (i32.const 65536))
    (loop $next
      (local.set $sum
        (i64.add
          (i64.mul (local.get $sum) (i64.const 31))
          (i64.load32_u (local.get $at))))
      (local.set $at (i32.add (local.get $at) (i32.const 4)))
      (br_if $next (i32.lt_u (local.get $at) (i32.const 1265536))))
    (call $answer (local.get $sum)))

  ;; Sorts the numbers from one address to another, both included.
  (func $sort (param $low i32) (param $high i32)
    (local $i i32)
    (local $j i32)
    (local $pivot i32)
    (local $x i32)
    (if (i32.ge_u (local.get $low) (local.get $high))
      (then (return)))
    (local.set $i (local.get $low))
    (local.set $j (local.get $high))
    (local.set $pivot
      (i32.load
        (i32.and
          (i32.add
            (local.get $low)
            (i32.shr_u (i32.sub (local.get $high) (local.get $low)) (i32.const 1)))
          (i32.const -4))))
    (block $done
      (loop $next
        (block $left
          (loop $right
            (br_if $left (i32.ge_u (i32.load (local.get $i)) (local.get $pivot)))
            (local.set $i (i32.add (local.get $i) (i32.const 4)))
            (br $right)))
        (block $left
          (loop $right
            (br_if $left (i32.le_u (i32.load (local.get $j)) (local.get $pivot)))
            (local.set $j (i32.sub (local.get $j) (i32.const 4)))
            (br $right)))
        (br_if $done (i32.gt_u (local.get $i) (local.get $j)))
        (local.set $x (i32.load (local.get $i)))
        (i32.store (local.get $i) (i32.load (local.get $j)))
        (i32.store (local.get $j) (local.get $x))
        (local.set $i (i32.add (local.get $i) (i32.const 4)))
        (local.set $j (i32.sub (local.get $j) (i32.const 4)))
        (br_if $next (i32.le_u (local.get $i) (local.get $j)))))
    (call $sort (local.get $low) (local.get $j))
    (call $sort (local.get $i) (local.get $high)))

  ;; A hash map of 2^17 places of key and value: 90,000 numbers are counted in, 500,000 looked up.
  (func $map (export "canister_update map")
    (local $i i32)
    (local $place i32)
    (local $sum i64)
    (local.set $place (i32.const 65536))
    (loop $next
      (i64.store (local.get $place) (i64.const 0))
      (local.set $place (i32.add (local.get $place) (i32.const 8)))
      (br_if $next (i32.lt_u (local.get $place) (i32.const 1114112))))
    (global.set $seed (i32.const 11))
    (loop $next
      (local.set $place (call $find (i32.or (call $random) (i32.const 1))))
      (i32.store offset=4 (local.get $place)
        (i32.add (i32.load offset=4 (local.get $place)) (local.get $i)))
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (br_if $next (i32.lt_u (local.get $i) (i32.const 90000))))
    (global.set $seed (i32.const 11))
    (local.set $i (i32.const 0))
    (loop $next
      (if (i32.eqz (i32.rem_u (local.get $i) (i32.const 90000)))
        (then (global.set $seed (i32.const 11))))
      (local.set $sum
        (i64.add
          (local.get $sum)
          (i64.load32_u offset=4 (call $find (i32.or (call $random) (i32.const 1))))))
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (br_if $next (i32.lt_u (local.get $i) (i32.const 500000))))
    (call $answer (local.get $sum)))

  ;; The place of a key, which is put in when it is new. Never 0.
  (func $find (param $key i32) (result i32)
    (local $place i32)
    (local $found i32)
    (local.set $place
      (i32.shr_u (i32.mul (local.get $key) (i32.const 0x9e3779b1)) (i32.const 15)))
    (block $done
      (loop $next
        (local.set $found
          (i32.load offset=65536 (i32.shl (local.get $place) (i32.const 3))))
        (br_if $done (i32.eq (local.get $found) (local.get $key)))
        (if (i32.eqz (local.get $found))
          (then
            (i32.store offset=65536
              (i32.shl (local.get $place) (i32.const 3)) (local.get $key))
            (br $done)))
        (local.set $place
          (i32.and (i32.add (local.get $place) (i32.const 1)) (i32.const 131071)))
        (br $next)))
    (i32.add (i32.const 65536) (i32.shl (local.get $place) (i32.const 3))))

  ;; The product of two matrices of 160 by 160 numbers, eight times.
  (func $matrix (export "canister_update matrix")
    (local $at i32)
    (local $turn i32)
    (local $sum f64)
    (global.set $seed (i32.const 5))
    (local.set $at (i32.const 65536))
    (loop $next
      (f64.store (local.get $at)
        (f64.convert_i32_s (i32.shr_u (call $random) (i32.const 16))))
      (local.set $at (i32.add (local.get $at) (i32.const 8)))
      (br_if $next (i32.lt_u (local.get $at) (i32.const 475136))))
    (loop $next
      (call $multiply)
      (local.set $turn (i32.add (local.get $turn) (i32.const 1)))
      (br_if $next (i32.lt_u (local.get $turn) (i32.const 8))))
    (local.set $at (i32.const 524288))
    (loop $next
      (local.set $sum (f64.add (local.get $sum) (f64.load (local.get $at))))
      (local.set $at (i32.add (local.get $at) (i32.const 8)))
      (br_if $next (i32.lt_u (local.get $at) (i32.const 729088))))
    (call $answer (i64.trunc_f64_s (local.get $sum))))

  ;; Matrices at 65536 and 270336, their product at 524288.
  (func $multiply
    (local $row i32)
    (local $column i32)
    (local $k i32)
    (local $left i32)
    (local $right i32)
    (local $sum f64)
    (loop $next_row
      (local.set $column (i32.const 0))
      (loop $next_column
        (local.set $sum (f64.convert_i32_s (i32.const 0)))
        (local.set $left (i32.mul (local.get $row) (i32.const 1280)))
        (local.set $right (i32.shl (local.get $column) (i32.const 3)))
        (local.set $k (i32.const 160))
        (loop $next
          (local.set $sum
            (f64.add
              (local.get $sum)
              (f64.mul
                (f64.load offset=65536 (local.get $left))
                (f64.load offset=270336 (local.get $right)))))
          (local.set $left (i32.add (local.get $left) (i32.const 8)))
          (local.set $right (i32.add (local.get $right) (i32.const 1280)))
          (local.set $k (i32.sub (local.get $k) (i32.const 1)))
          (br_if $next (local.get $k)))
        (f64.store offset=524288
          (i32.add
            (i32.mul (local.get $row) (i32.const 1280))
            (i32.shl (local.get $column) (i32.const 3)))
          (local.get $sum))
        (local.set $column (i32.add (local.get $column) (i32.const 1)))
        (br_if $next_column (i32.lt_u (local.get $column) (i32.const 160))))
      (local.set $row (i32.add (local.get $row) (i32.const 1)))
      (br_if $next_row (i32.lt_u (local.get $row) (i32.const 160)))))

  ;; The 31st number of Fibonacci, by recursion.
  (func $fibonacci (export "canister_update fibonacci")
    (call $answer (i64.extend_i32_u (call $fib (i32.const 31)))))

  (func $fib (param $n i32) (result i32)
    (if (result i32) (i32.lt_u (local.get $n) (i32.const 2))
      (then (local.get $n))
      (else
        (i32.add
          (call $fib (i32.sub (local.get $n) (i32.const 1)))
          (call $fib (i32.sub (local.get $n) (i32.const 2)))))))

  ;; Eight million calls through a table of four functions.
  (func $indirect (export "canister_update indirect")
    (local $i i32)
    (local $x i32)
    (local.set $x (i32.const 1))
    (loop $next
      (local.set $x
        (call_indirect (param i32) (result i32)
          (local.get $x)
          (i32.and (i32.shr_u (local.get $x) (i32.const 7)) (i32.const 3))))
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (br_if $next (i32.lt_u (local.get $i) (i32.const 8000000))))
    (call $answer (i64.extend_i32_u (local.get $x))))

  (func $rotate (param $x i32) (result i32)
    (i32.add (i32.rotl (local.get $x) (i32.const 5)) (i32.const 0x9e3779b9)))

  (func $mix (param $x i32) (result i32)
    (i32.xor (local.get $x) (i32.mul (local.get $x) (i32.const 0x85ebca6b))))

  (func $step (param $x i32) (result i32)
    (i32.add (i32.mul (local.get $x) (i32.const 1664525)) (i32.const 1013904223)))

  (func $fold (param $x i32) (result i32)
    (i32.sub (i32.xor (local.get $x) (i32.shr_u (local.get $x) (i32.const 15))) (i32.const 77)))

  ;; The next number of a generator by Lehmer and Knuth's constants.
  (func $random (result i32)
    (global.set $seed
      (i32.add (i32.mul (global.get $seed) (i32.const 1664525)) (i32.const 1013904223)))
    (i32.xor (global.get $seed) (i32.shr_u (global.get $seed) (i32.const 13))))

  (func $answer (param $number i64)
    (i64.store (i32.const 0) (local.get $number))
    (call $reply_append (i32.const 0) (i32.const 8))
    (call $reply))
)
