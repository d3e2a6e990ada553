//! Which of two figures is the better one.

/// Whether much or little of a figure is good.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Better {
    /// More is better.
    High,
    /// Less is better.
    Low,
}
