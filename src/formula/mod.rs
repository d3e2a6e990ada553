//! Floor 1: the formula language. Text in, one weight an asset and day out. Knows the market's columns and nothing of
//! portfolios, schedules or costs; no operator can look forward.
//!
//! The way of a formula: [`parser`] makes an [`syntax::Expression`], [`check`] a typed [`node::Node`] tree, and
//! [`evaluate`] turns that tree, parameter values and a market into weights, one [`evaluation`] a block of decisions, with
//! the columns of operators over time computed once and kept in [`signals`]. What an operator is stands in [`operator`], all of
//! them below [`operators`], what they compute with in [`kernel`].

pub mod check;
pub mod condition;
pub mod error;
pub mod evaluate;
pub mod evaluation;
pub mod frame;
pub mod kernel;
pub mod lexer;
pub mod node;
pub mod operator;
pub mod operators;
pub mod parser;
pub mod reference;
pub mod signals;
pub mod syntax;
#[cfg(test)]
mod testing;
pub mod truth;
pub mod weight_block;
pub mod words;
