//! Floor 1: the formula language. It turns a text into one weight for each asset and day. It knows the market's columns and
//! nothing of portfolios, schedules or costs; no operator can look forward.
//!
//! [`parser`] makes an [`syntax::Expression`] of the text, and [`check`] makes a tree of [`node::Node`] of that. [`evaluate`]
//! turns the tree, parameter values and a market into weights, with one [`evaluation`] for each block of decisions. The columns
//! of operators over time are computed once and kept in [`signals`]. [`operator`] says what an operator is, [`operators`] lists
//! all of them, and [`kernel`] has what they compute with.

pub(crate) mod check;
mod chosen;
pub(crate) mod condition;
mod deep;
mod elsewhere;
pub(crate) mod error;
pub(crate) mod evaluate;
pub(crate) mod evaluation;
pub(crate) mod frame;
mod grouped;
pub(crate) mod hints;
mod hold;
mod kept;
pub(crate) mod kernel;
pub(crate) mod lexer;
pub(crate) mod names;
pub(crate) mod node;
pub(crate) mod operator;
pub(crate) mod operators;
pub(crate) mod parser;
mod periods;
pub(crate) mod signals;
pub(crate) mod syntax;
#[cfg(test)]
mod testing;
pub(crate) mod truth;
mod unknown;
pub(crate) mod weight_block;
pub(crate) mod words;
