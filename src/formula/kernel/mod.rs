//! What operators compute with. Lies below them all and knows none.

pub mod arithmetic;
pub mod block;
pub mod days;
pub mod end;
pub mod numbers;
pub mod order;
pub mod wilder;
pub mod windows;
