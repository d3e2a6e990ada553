//! Numbers from files beside the prices: what a strategy declares as columns, and what of each is known on every day.
//!
//! [`load`](load::load) has the files of some columns read ([`files`]; one text in any of its layouts: [`read`]; rows that were
//! read before: [`cache`]), hashes their rows and turns them into values of days ([`as_of`]), which a market shows as
//! [`FileColumn`](file_column::FileColumn)s.

pub(crate) mod as_of;
pub(crate) mod cache;
pub(crate) mod declaration;
pub(crate) mod file_column;
pub(crate) mod files;
pub(crate) mod load;
pub(crate) mod read;
pub(crate) mod rows;
