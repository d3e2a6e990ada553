//! Finds the known name that an unknown name is probably a misspelling of. Knows no list of names itself.

/// Names with more bytes are not compared: a comparison takes time and memory in proportion to the product of the two lengths.
const NAME_LIMIT: usize = 100;

/// The known name most like an unknown one: at most a third of its letters (at least one) differ, case aside. `None` if all
/// differ by more.
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
    fn a_misspelling_is_understood_and_another_word_is_not() {
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
