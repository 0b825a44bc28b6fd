#![no_main]
libfuzzer_sys::fuzz_target!(|data: &[u8]| pq_fuzz::plain_byte_arrays::check(data));
