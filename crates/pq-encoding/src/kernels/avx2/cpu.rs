//! What the CPU can do. `std` would know, but is not there.

#![allow(unused_unsafe, reason = "later compilers know that CPUID is safe")]

use core::arch::x86_64::{__cpuid, __cpuid_count, _xgetbv};
use core::sync::atomic::{AtomicU8, Ordering};

const UNKNOWN: u8 = 0;
const LACKS: u8 = 1;
const HAS: u8 = 2;

static AVX2: AtomicU8 = AtomicU8::new(UNKNOWN);

/// Whether the CPU has AVX2, and the operating system keeps its registers.
#[inline(always)]
pub(in super::super) fn is_there() -> bool {
    if cfg!(target_feature = "avx2") {
        return true;
    }
    // Whoever looks first, all find the same.
    match AVX2.load(Ordering::Relaxed) {
        UNKNOWN => look(),
        known => known == HAS,
    }
}

#[cold]
fn look() -> bool {
    let has = detect();
    AVX2.store(if has { HAS } else { LACKS }, Ordering::Relaxed);
    has
}

fn detect() -> bool {
    const OSXSAVE_AND_AVX: u32 = 1 << 27 | 1 << 28;
    const SSE_AND_AVX_STATE: u64 = 0b110;
    const AVX2: u32 = 1 << 5;
    // SAFETY: every x86-64 CPU has CPUID; leaf 7 is asked for only if there is one.
    let (most, features) = unsafe { (__cpuid(0).eax, __cpuid(1).ecx) };
    if most < 7 || features & OSXSAVE_AND_AVX != OSXSAVE_AND_AVX {
        return false;
    }
    // SAFETY: OSXSAVE says that there is XGETBV.
    let state = unsafe { xcr0() };
    // SAFETY: there is a leaf 7.
    let extended = unsafe { __cpuid_count(7, 0).ebx };
    state & SSE_AND_AVX_STATE == SSE_AND_AVX_STATE && extended & AVX2 != 0
}

/// The registers that the operating system keeps.
#[target_feature(enable = "xsave")]
fn xcr0() -> u64 {
    // SAFETY: register 0 always exists.
    unsafe { _xgetbv(0) }
}
