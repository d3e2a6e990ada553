//! What operators compute with. It knows no operator.

pub(crate) mod arithmetic;
pub(crate) mod bars;
pub(crate) mod block;
pub(crate) mod covariance;
pub(crate) mod days;
pub(crate) mod directional;
pub(crate) mod end;
pub(crate) mod extreme;
pub(crate) mod line;
pub(crate) mod moments;
pub(crate) mod numbers;
pub(crate) mod order;
pub(crate) mod pair;
pub(crate) mod places;
pub(crate) mod present;
pub(crate) mod products;
pub(crate) mod sorted;
pub(crate) mod sums;
pub(crate) mod wilder;
pub(crate) mod windows;
