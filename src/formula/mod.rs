//! Floor 1: the formula language. Text in, one weight an asset and day out. Knows the market's columns and nothing of
//! portfolios, schedules or costs; no operator can look forward.
//!
//! The way of a formula: [`parser`] makes an [`syntax::Expression`], [`check`] a typed [`node::Node`] tree, and
//! [`evaluate`] turns that tree, parameter values and a market into weights, with the time operators of [`series`]
//! computed once and kept in [`signals`].

pub mod check;
pub mod condition;
pub mod cross_section;
pub mod error;
pub mod evaluate;
pub mod lexer;
pub mod node;
pub mod operators;
pub mod parser;
pub mod series;
pub mod signals;
pub mod syntax;
pub mod truth;
pub mod weight_block;
