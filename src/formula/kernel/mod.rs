//! What operators compute with. It knows no operator.

pub(crate) mod arithmetic;
pub(crate) mod bars;
pub(crate) mod block;
pub(crate) mod covariance;
pub(crate) mod days;
pub(crate) mod directional;
pub(crate) mod end;
pub(crate) mod numbers;
pub(crate) mod order;
pub(crate) mod places;
pub(crate) mod quantile;
pub(crate) mod wilder;
pub(crate) mod windows;
