//! Recursion over operations that stand hundreds deep in each other, on threads whose stack nobody knows.

/// What a level of recursion may need, with all that it calls.
const ROOM: usize = 256 * 1024;
/// How much is taken at once where there is less room than that.
const MORE: usize = 2 * 1024 * 1024;

/// Calls a function that may call itself, with room on the stack.
#[inline]
pub(super) fn with_room<T>(function: impl FnOnce() -> T) -> T {
    stacker::maybe_grow(ROOM, MORE, function)
}
