#![no_main]
libfuzzer_sys::fuzz_target!(|data: &[u8]| pq_fuzz::write::check(data));
