;; Fills memory of a guest from the standard input of its context, which the engine copies in one piece. The embedder
;; interface has no bulk write. Build: wat2wasm bulk-write.wat
(module
  (import "guest" "memory" (memory 0))
  (import "helix.copy" "fd_read" (func $read (param i32 i32 i32 i32) (result i32)))
  (export "memory" (memory 0))
  ;; Copies len >= 16 bytes to $to. fd_read wants a vector and a place for its count in the same memory: they lie in the
  ;; range that is overwritten, at its begin and at its end, so the last four bytes are passed in $tail.
  (func (export "fill") (param $to i32) (param $len i32) (param $tail i32) (result i32)
    (local $error i32)
    (local $last i32)
    (i32.store (local.get $to) (local.get $to))
    (i32.store offset=4 (local.get $to) (local.get $len))
    (local.set $last (i32.sub (i32.add (local.get $to) (local.get $len)) (i32.const 4)))
    (local.set $error (call $read (i32.const 0) (local.get $to) (i32.const 1) (local.get $last)))
    (if (i32.eqz (local.get $error))
      (then (local.set $error (i32.ne (i32.load (local.get $last)) (local.get $len)))))
    (i32.store (local.get $last) (local.get $tail))
    (local.get $error)))
