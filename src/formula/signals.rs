//! Columns that points share: computed once and kept while a task runs, within a memory budget.

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

/// One value for each day and asset, column after column.
pub(crate) type Signal = Arc<Vec<f64>>;

/// A store of signals, by the operation that made them. A signal beyond the budget is not kept and computed again when needed;
/// results do not depend on that.
#[derive(Debug)]
pub(crate) struct Signals {
    kept: RwLock<HashMap<Box<[u64]>, Signal>>,
    /// The numbers under which operations are known, by what they are made of.
    ids: RwLock<HashMap<Box<[u64]>, u64>>,
    bytes: AtomicUsize,
    budget_bytes: usize,
}

impl Signals {
    /// An empty store that keeps at most this many bytes.
    pub(crate) fn new(budget_bytes: usize) -> Signals {
        Signals { kept: RwLock::default(), ids: RwLock::default(), bytes: AtomicUsize::new(0), budget_bytes }
    }

    /// The signal of a key, if it is kept.
    pub(crate) fn get(&self, key: &[u64]) -> Option<Signal> {
        self.kept.read().unwrap_or_else(PoisonError::into_inner).get(key).cloned()
    }

    /// The number under which an operation is known that is made of these; equal ones have the same.
    pub(crate) fn id(&self, key: Vec<u64>) -> u64 {
        if let Some(id) = self.ids.read().unwrap_or_else(PoisonError::into_inner).get(&key[..]) {
            return *id;
        }
        let mut ids = self.ids.write().unwrap_or_else(PoisonError::into_inner);
        let next = ids.len() as u64;
        *ids.entry(key.into()).or_insert(next)
    }

    /// Keeps a signal if the budget allows, and gives it back.
    pub(crate) fn keep(&self, key: &[u64], values: Vec<f64>) -> Signal {
        let signal = Arc::new(values);
        let bytes = size_of_val(signal.as_slice()) + size_of_val(key);
        let before = self.bytes.fetch_add(bytes, Ordering::Relaxed);
        if before + bytes > self.budget_bytes {
            self.bytes.fetch_sub(bytes, Ordering::Relaxed);
            return signal;
        }
        let mut kept = self.kept.write().unwrap_or_else(PoisonError::into_inner);
        if let Some(earlier) = kept.insert(key.into(), Arc::clone(&signal)) {
            self.bytes.fetch_sub(size_of_val(earlier.as_slice()) + size_of_val(key), Ordering::Relaxed);
        }
        signal
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_no_more_than_the_budget() {
        let signals = Signals::new(100);
        signals.keep(&[1], vec![0.0; 8]);
        signals.keep(&[2], vec![1.0; 8]);
        assert!(signals.get(&[1]).is_some() && signals.get(&[2]).is_none());
        assert_eq!(signals.bytes.load(Ordering::Relaxed), 72);
        signals.keep(&[1], vec![2.0; 8]);
        assert_eq!(signals.bytes.load(Ordering::Relaxed), 72, "the same key twice counts once");
    }
}
