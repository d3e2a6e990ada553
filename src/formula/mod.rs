//! Floor 1: the formula language. Text in, one weight an asset and day out. Knows the market's columns and nothing of
//! portfolios, schedules or costs; no operator can look forward.
//!
//! The way of a formula: [`parser`] makes an [`syntax::Expression`], [`check`] a typed [`node::Node`] tree, and
//! [`evaluate`] turns that tree, parameter values and a market into weights, one [`evaluation`] a block of decisions, with
//! the columns of operators over time computed once and kept in [`signals`]. What an operator is stands in [`operator`], all of
//! them below [`operators`], what they compute with in [`kernel`].

pub(crate) mod check;
pub(crate) mod condition;
pub(crate) mod error;
pub(crate) mod evaluate;
pub(crate) mod evaluation;
pub(crate) mod frame;
pub(crate) mod kernel;
pub(crate) mod lexer;
pub(crate) mod node;
pub(crate) mod operator;
pub(crate) mod operators;
pub(crate) mod parser;
pub(crate) mod signals;
pub(crate) mod syntax;
#[cfg(test)]
mod testing;
pub(crate) mod truth;
pub(crate) mod weight_block;
pub(crate) mod words;
