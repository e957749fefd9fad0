;; Finds runs of bytes of a class, sixteen bytes at a time. run-vectors.ts puts everything in place:
;;     0  the kinds of each byte, 0 for those that are not of the class
;;   256  the class once more, by halves of a byte: sixteen sets for the low half and sixteen for the high one, first for
;;        bytes up to 0x7f, then for the others. A byte is of the class where the two sets of its halves meet.
;;   320  by kinds taken together: whether a run of these is wanted
;;   512  the bytes, and behind them sixteen zeros, which are never of the class
(module
  (memory (export "memory") 1)

  ;; Puts a run's beginning, end and kinds at `out`, one run after the other, and gives how many there are. Places count
  ;; from the first byte. No run may be shorter than sixteen bytes: one that lies within sixteen is not seen.
  (func (export "find") (param $size i32) (param $shortest i32) (param $out i32) (result i32)
    (local $at i32) (local $last i32) (local $start i32) (local $end i32) (local $next i32)
    (local $others i32) (local $kinds i32)
    (local $bytes v128) (local $low v128) (local $high v128)
    (local $lows v128) (local $highs v128) (local $lowsAbove v128) (local $highsAbove v128)

    (local.set $lows (v128.load offset=256 (i32.const 0)))
    (local.set $highs (v128.load offset=272 (i32.const 0)))
    (local.set $lowsAbove (v128.load offset=288 (i32.const 0)))
    (local.set $highsAbove (v128.load offset=304 (i32.const 0)))
    (local.set $at (i32.const 512))
    (local.set $start (i32.const 512))
    (local.set $last (i32.add (i32.const 512) (local.get $size)))
    (local.set $next (local.get $out))

    (loop $blocks
      (local.set $bytes (v128.load (local.get $at)))
      (local.set $low (v128.and (local.get $bytes) (v128.const i8x16 15 15 15 15 15 15 15 15 15 15 15 15 15 15 15 15)))
      (local.set $high (i8x16.shr_u (local.get $bytes) (i32.const 4)))
      ;; One bit for each byte that is not of the class.
      (local.set $others
        (i8x16.bitmask
          (i8x16.eq
            (v128.const i64x2 0 0)
            (v128.or
              (v128.and
                (i8x16.swizzle (local.get $lows) (local.get $low))
                (i8x16.swizzle (local.get $highs) (local.get $high)))
              (v128.and
                (i8x16.swizzle (local.get $lowsAbove) (local.get $low))
                (i8x16.swizzle (local.get $highsAbove) (local.get $high)))))))
      ;; The first of them ends the run that came this far. Hardly ever is it long enough: one test for both is foreseen.
      (local.set $end (i32.add (local.get $at) (i32.ctz (local.get $others))))
      (if (i32.and
            (i32.ne (local.get $others) (i32.const 0))
            (i32.ge_s (i32.sub (local.get $end) (local.get $start)) (local.get $shortest)))
        (then
          (i32.store (local.get $next) (i32.sub (local.get $start) (i32.const 512)))
          (i32.store offset=4 (local.get $next) (i32.sub (local.get $end) (i32.const 512)))
          (local.set $kinds (i32.const 0))
          (loop $bytesOfRun
            (local.set $kinds (i32.or (local.get $kinds) (i32.load8_u (i32.load8_u (local.get $start)))))
            (local.set $start (i32.add (local.get $start) (i32.const 1)))
            (br_if $bytesOfRun (i32.lt_u (local.get $start) (local.get $end))))
          (i32.store offset=8 (local.get $next) (local.get $kinds))
          (if (i32.load8_u offset=320 (local.get $kinds))
            (then (local.set $next (i32.add (local.get $next) (i32.const 12)))))))
      ;; The next one may begin behind the last of them.
      (local.set $start
        (select
          (i32.add (local.get $at) (i32.sub (i32.const 32) (i32.clz (local.get $others))))
          (local.get $start)
          (local.get $others)))
      (local.set $at (i32.add (local.get $at) (i32.const 16)))
      (br_if $blocks (i32.le_u (local.get $at) (local.get $last))))

    (i32.div_u (i32.sub (local.get $next) (local.get $out)) (i32.const 12))))
