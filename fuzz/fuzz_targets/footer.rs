#![no_main]
libfuzzer_sys::fuzz_target!(|data: &[u8]| pq_fuzz::footer::check(data));
