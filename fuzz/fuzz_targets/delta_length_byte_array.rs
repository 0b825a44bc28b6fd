#![no_main]
libfuzzer_sys::fuzz_target!(|data: &[u8]| pq_fuzz::delta_length_byte_array::check(data));
