//! Which processor a program is for, from the first bytes of its file.

/// Bytes that must be there to tell.
const HEADER_BYTES: usize = 20;

/// The name that `uname -m` has for the processor of an ELF file; `None` for other files and other processors.
pub(crate) fn machine_of(bytes: &[u8]) -> Option<&'static str> {
    let header = bytes.get(..HEADER_BYTES)?;
    // 64 bits, lowest byte first.
    if !header.starts_with(b"\x7fELF\x02\x01") {
        return None;
    }
    match u16::from_le_bytes([header[18], header[19]]) {
        62 => Some("x86_64"),
        183 => Some("aarch64"),
        _ => None,
    }
}

/// [`machine_of`] for the bytes in hexadecimal digits.
pub(crate) fn machine_of_hex(digits: &str) -> Option<&'static str> {
    let pairs: Option<Vec<u8>> = digits
        .as_bytes()
        .chunks(2)
        .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok())
        .collect();
    machine_of(&pairs?)
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
        assert_eq!(machine_of(&header(62)), Some("x86_64"));
        assert_eq!(machine_of(&header(183)), Some("aarch64"));
        assert_eq!(
            (machine_of(&header(40)), machine_of(b"#!/bin/sh\n"), machine_of(b"")),
            (None, None, None)
        );
        let hex: String = header(183).iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!((machine_of_hex(&hex), machine_of_hex("7f4")), (Some("aarch64"), None));
        let own = std::fs::read(std::env::current_exe().unwrap()).unwrap();
        assert_eq!(machine_of(&own), Some(std::env::consts::ARCH));
    }
}
