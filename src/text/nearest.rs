//! The known name that an unknown one was probably meant to be.

/// Longer names are not compared: the cost of a comparison is the product of the two lengths, in time and memory.
const NAME_LIMIT: usize = 100;

/// The known name most like an unknown one: at most a third of its letters (at least one) differ, case aside. `None` if all differ
/// by more.
pub(crate) fn nearest<'a>(unknown: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let lower = unknown.to_lowercase();
    let limit = (unknown.chars().count() / 3).max(1);
    known
        .filter(|name| unknown.len().max(name.len()) <= NAME_LIMIT)
        .map(|name| (strsim::damerau_levenshtein(&lower, &name.to_lowercase()), name))
        .filter(|(distance, _)| *distance <= limit)
        .min()
        .map(|(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_of_the_finger_is_understood_and_another_word_is_not() {
        let known = ["volatility", "momentum", "max"];
        let nearest = |unknown| nearest(unknown, known.into_iter());
        assert_eq!(nearest("volatilty"), Some("volatility"));
        assert_eq!(nearest("Moemntum"), Some("momentum"));
        assert_eq!(nearest("mx"), Some("max"));
        assert_eq!([nearest("mean"), nearest("trend")], [None, None]);
    }

    #[test]
    fn a_name_of_any_length_is_answered_at_once() {
        let long = "x".repeat(1 << 20);
        assert_eq!(nearest(&long, [long.as_str(), "x"].into_iter()), None);
    }
}
