//! What operators compute with. Lies below them all and knows none.

pub(crate) mod arithmetic;
pub(crate) mod block;
pub(crate) mod days;
pub(crate) mod end;
pub(crate) mod numbers;
pub(crate) mod order;
pub(crate) mod wilder;
pub(crate) mod windows;
