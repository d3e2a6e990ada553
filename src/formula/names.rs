//! The names that a strategy gives and that its formulas may use.

use super::syntax::Expression;

/// The names of a strategy.
#[derive(Debug, Clone, Default)]
pub(crate) struct Names {
    /// Parameters, in their order.
    pub parameters: Vec<String>,
    /// Formulas with a name, in any order.
    pub signals: Vec<NamedFormula>,
    /// Columns of numbers from files.
    pub columns: Vec<String>,
    /// Groups of assets.
    pub groups: Vec<String>,
}

/// A formula with a name.
#[derive(Debug, Clone)]
pub(crate) struct NamedFormula {
    /// The name.
    pub name: String,
    /// The formula as written, names unresolved.
    pub expression: Expression,
}

impl Names {
    /// The names of parameters alone.
    pub(crate) fn of_parameters(parameters: &[String]) -> Names {
        Names { parameters: parameters.to_vec(), ..Names::default() }
    }

    /// What gives a value by its name alone, series of the market aside.
    pub(crate) fn values(&self) -> impl Iterator<Item = &str> + Clone {
        let signals = self.signals.iter().map(|signal| signal.name.as_str());
        self.parameters.iter().chain(&self.columns).map(String::as_str).chain(signals)
    }

    /// The signals that each signal names, by their indices.
    fn named_by(&self, signal: usize) -> Vec<usize> {
        let mut named = Vec::new();
        self.signals[signal].expression.each_name(&mut |name| {
            named.extend(self.signals.iter().position(|other| other.name == name));
        });
        named
    }

    /// Signals that name each other in a circle, from the first to itself again; `None` if there are none.
    pub(crate) fn circle(&self) -> Option<Vec<&str>> {
        // 0: not seen, 1: on the way, 2: done.
        let mut state = vec![0u8; self.signals.len()];
        for start in 0..self.signals.len() {
            let mut way: Vec<(usize, Vec<usize>)> = Vec::new();
            let mut next = Some(start).filter(|start| state[*start] == 0);
            while let Some(signal) = next {
                state[signal] = 1;
                way.push((signal, self.named_by(signal)));
                next = None;
                while let Some((last, rest)) = way.last_mut() {
                    match rest.pop() {
                        Some(below) if state[below] == 1 => {
                            let from = way.iter().position(|(signal, _)| *signal == below).unwrap_or(0);
                            let circle = way[from..].iter().map(|(signal, _)| *signal).chain([below]);
                            return Some(circle.map(|signal| self.signals[signal].name.as_str()).collect());
                        }
                        Some(below) if state[below] == 0 => {
                            next = Some(below);
                            break;
                        }
                        Some(_) => {}
                        None => {
                            state[*last] = 2;
                            way.pop();
                        }
                    }
                }
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formula::parser::parse;

    fn names(signals: &[(&str, &str)]) -> Names {
        let signal = |(name, text): &(&str, &str)| {
            let expression = parse(text).unwrap();
            NamedFormula { name: (*name).to_owned(), expression }
        };
        Names { signals: signals.iter().map(signal).collect(), ..Names::default() }
    }

    #[test]
    fn a_circle_is_found_and_printed_from_its_first_signal() {
        let fine = names(&[("a", "b + b * c"), ("b", "sma(c, n)"), ("c", "close")]);
        assert_eq!(fine.circle(), None);
        let circle = names(&[("x", "a"), ("a", "b + 1"), ("b", "sma(c, 5)"), ("c", "max(1, a)")]);
        assert_eq!(circle.circle(), Some(vec!["a", "b", "c", "a"]));
        assert_eq!(names(&[("a", "a")]).circle(), Some(vec!["a", "a"]));
    }
}
