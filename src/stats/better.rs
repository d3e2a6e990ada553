//! Which of two values of a figure is the better one.

/// Whether a high or a low value of a figure is better.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Better {
    /// A high value is better.
    High,
    /// A low value is better.
    Low,
}
