//! Splits the text of a formula into tokens. It knows no operator's name.

use super::elsewhere;
use super::error::{FormulaError, Span};

/// A word, number, quoted ticker or sign of a formula.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Token {
    /// A finite number as written, never negative.
    Number(f64),
    /// Letters, digits and underscores, not beginning with a digit.
    Word(String),
    /// Text between double or single quotes.
    Quoted(String),
    /// One of `+ - * / ^ < <= > >= == != ( ) , =`.
    Sign(&'static str),
    /// The end of the text.
    End,
}

const SIGNS: [&str; 15] = ["<=", ">=", "==", "!=", "+", "-", "*", "/", "^", "<", ">", "(", ")", ",", "="];

/// The tokens of a text and where they are; the last one is [`Token::End`]. From `#` to the end of its line is a comment.
///
/// # Errors
/// A character that begins no token, a quote that is not closed, a number too large for a double.
pub(crate) fn tokens(text: &str) -> Result<Vec<(Token, Span)>, FormulaError> {
    let mut tokens = Vec::new();
    let mut start = 0;
    while let Some(first) = text[start..].chars().next() {
        let rest = &text[start..];
        let (token, length) = match first {
            _ if first.is_whitespace() => {
                start += first.len_utf8();
                continue;
            }
            '#' => {
                start += rest.find('\n').unwrap_or(rest.len());
                continue;
            }
            '0'..='9' => number(rest, start)?,
            '"' | '\'' => quoted(rest, start, first)?,
            _ if first.is_ascii_alphabetic() || first == '_' => {
                let length = length_while(rest, |byte| byte.is_ascii_alphanumeric() || byte == b'_');
                (Token::Word(rest[..length].to_owned()), length)
            }
            _ => match SIGNS.iter().find(|sign| rest.starts_with(**sign)) {
                Some(sign) => (Token::Sign(sign), sign.len()),
                None => {
                    let span = start..start + first.len_utf8();
                    let error = FormulaError::new(span, format!("unexpected character {first:?}"));
                    return Err(match elsewhere::sign(&text[..start], rest) {
                        Some(help) => error.with_help(help),
                        None => error,
                    });
                }
            },
        };
        tokens.push((token, start..start + length));
        start += length;
    }
    tokens.push((Token::End, start..start));
    Ok(tokens)
}

fn number(rest: &str, start: usize) -> Result<(Token, usize), FormulaError> {
    let digits = |from: usize| from + length_while(&rest[from..], |byte| byte.is_ascii_digit());
    let mut length = digits(0);
    if rest[length..].starts_with('.') && digits(length + 1) > length + 1 {
        length = digits(length + 1);
    }
    if rest[length..].starts_with(['e', 'E']) {
        let sign = usize::from(rest[length + 1..].starts_with(['+', '-']));
        let exponent = digits(length + 1 + sign);
        if exponent > length + 1 + sign {
            length = exponent;
        }
    }
    if rest[length..].starts_with('_') && digits(length + 1) > length + 1 {
        let end = length_while(rest, |byte| byte.is_ascii_digit() || byte == b'_' || byte == b'.');
        let span = start + length..start + length + 1;
        let error = FormulaError::new(span, "unexpected character '_'");
        return Err(error.with_help(format!("write `{}`", rest[..end].replace('_', ""))));
    }
    let text = &rest[..length];
    match text.parse::<f64>() {
        Ok(value) if value.is_finite() => Ok((Token::Number(value), length)),
        _ => Err(FormulaError::new(start..start + length, format!("the number '{text}' is too large"))),
    }
}

fn quoted(rest: &str, start: usize, quote: char) -> Result<(Token, usize), FormulaError> {
    match rest[1..].find(quote) {
        Some(length) => Ok((Token::Quoted(rest[1..=length].to_owned()), length + 2)),
        None => {
            let message = format!("the quote {quote} is not closed");
            Err(FormulaError::new(start..start + rest.len(), message))
        }
    }
}

fn length_while(text: &str, belongs: impl Fn(u8) -> bool) -> usize {
    text.bytes().take_while(|&byte| belongs(byte)).count()
}
