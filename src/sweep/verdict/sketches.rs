//! Sketches of assets in the files of the ledger: a year is a list of first day, last day, number of returns and 64 hexadecimal
//! digits.

use std::collections::BTreeMap;
use std::fmt::Write;

use serde::de::{Deserialize, Deserializer, Error};
use serde::ser::{SerializeMap, Serializer};

use crate::stats::skill::sketch::Year;

/// Writes the years of an asset.
pub(crate) fn serialize<S: Serializer>(
    years: &BTreeMap<i32, Year>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let mut map = serializer.serialize_map(Some(years.len()))?;
    for (number, year) in years {
        let mut digits = String::new();
        for byte in year.bits {
            // Writing to a String cannot fail.
            let _ = write!(digits, "{byte:02x}");
        }
        map.serialize_entry(&number.to_string(), &(year.first, year.last, year.returns, digits))?;
    }
    map.end()
}

/// Reads the years of an asset.
pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<BTreeMap<i32, Year>, D::Error> {
    let years: BTreeMap<i32, (i64, i64, usize, String)> = BTreeMap::deserialize(deserializer)?;
    let year = |(number, (first, last, returns, digits)): (i32, (i64, i64, usize, String))| {
        let mut bits = [0; 32];
        let is_hexadecimal = digits.len() == 64 && digits.bytes().all(|digit| digit.is_ascii_hexdigit());
        if !is_hexadecimal {
            return Err(D::Error::custom(format!("'{number}': expected 64 hexadecimal digits")));
        }
        for (place, byte) in bits.iter_mut().enumerate() {
            *byte = u8::from_str_radix(&digits[2 * place..2 * place + 2], 16).unwrap_or(0);
        }
        Ok((number, Year { first, last, returns, bits }))
    };
    years.into_iter().map(year).collect()
}
