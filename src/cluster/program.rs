//! The processor that a program was built for, from the first bytes of its file.

/// Bytes from the start of an ELF file to the end of its processor number.
const HEADER_BYTES: usize = 20;

/// The name that `uname -m` gives to the processor of an ELF file; `None` for other files and other processors.
pub(crate) fn processor(bytes: &[u8]) -> Option<&'static str> {
    let header = bytes.get(..HEADER_BYTES)?;
    // An ELF file of 64 bits, little-endian.
    if !header.starts_with(b"\x7fELF\x02\x01") {
        return None;
    }
    match u16::from_le_bytes([header[18], header[19]]) {
        62 => Some("x86_64"),
        183 => Some("aarch64"),
        _ => None,
    }
}

/// The [`processor`] of bytes that are written as hexadecimal digits.
pub(crate) fn processor_from_hex(digits: &str) -> Option<&'static str> {
    let pairs: Option<Vec<u8>> = digits
        .as_bytes()
        .chunks(2)
        .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok())
        .collect();
    processor(&pairs?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_processor_is_read_from_the_header() {
        let header = |low: u8| {
            let mut bytes = b"\x7fELF\x02\x01\x01".to_vec();
            bytes.resize(18, 0);
            bytes.extend([low, 0]);
            bytes
        };
        assert_eq!(processor(&header(62)), Some("x86_64"));
        assert_eq!(processor(&header(183)), Some("aarch64"));
        assert_eq!((processor(&header(40)), processor(b"#!/bin/sh\n"), processor(b"")), (None, None, None));
        let hex: String = header(183).iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!((processor_from_hex(&hex), processor_from_hex("7f4")), (Some("aarch64"), None));
        let own = std::fs::read(std::env::current_exe().unwrap()).unwrap();
        assert_eq!(processor(&own), Some(std::env::consts::ARCH));
    }
}
