//! A run that ends without a result, by its exit code.

pub const BAD_DATA: i32 = 65;
pub const MISSING_INPUT: i32 = 66;
pub const BAD_CONFIGURATION: i32 = 78;

#[derive(Debug, Clone, PartialEq)]
pub struct Refusal {
    pub code: i32,
    pub says: String,
}

pub fn refuse<T>(code: i32, says: impl Into<String>) -> Result<T, Refusal> {
    Err(Refusal { code, says: says.into() })
}
