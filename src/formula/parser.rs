//! Parses text into an [`Expression`]. Precedence, loosest first: `or`, `and`, `not`, comparison, `+ -`, `* /`, unary `-`, `^`.

use super::error::{FormulaError, Span};
use super::lexer::{Token, tokens};
use super::syntax::{Argument, BinaryOperator, Expression, ExpressionKind, UnaryOperator};
use super::words::KEYWORDS;
use crate::text::quoted::number;

/// Deeper nesting than this is refused, so that no input can exhaust the stack.
const NESTING_LIMIT: usize = 64;
/// Longer formulas than this are refused.
const LENGTH_LIMIT: usize = 100_000;
/// More operators with two operands than this are refused, because the tree of a chain is as deep as the chain is long.
const CHAIN_LIMIT: usize = 256;

/// Reads a formula.
///
/// # Errors
/// The first token that does not fit, and what was expected there; a formula that is too long or nested too deeply.
pub(crate) fn parse(text: &str) -> Result<Expression, FormulaError> {
    if text.len() > LENGTH_LIMIT {
        return Err(FormulaError::new(0..0, format!("the formula is longer than {LENGTH_LIMIT} bytes")));
    }
    let mut parser = Parser { tokens: tokens(text)?, next: 0, nesting: 0, chained: 0 };
    let expression = parser.expression()?;
    match parser.peek() {
        Token::End => Ok(expression),
        _ => Err(parser.unexpected("an operator or the end of the formula")),
    }
}

struct Parser {
    tokens: Vec<(Token, Span)>,
    next: usize,
    nesting: usize,
    chained: usize,
}

type Parsed = Result<Expression, FormulaError>;

impl Parser {
    fn peek(&self) -> &Token {
        &self.tokens[self.next].0
    }

    fn span(&self) -> Span {
        self.tokens[self.next].1.clone()
    }

    fn advance(&mut self) -> (Token, Span) {
        let token = self.tokens[self.next].clone();
        self.next = (self.next + 1).min(self.tokens.len() - 1);
        token
    }

    fn accept(&mut self, sign: &'static str) -> bool {
        let matches = *self.peek() == Token::Sign(sign);
        if matches {
            self.advance();
        }
        matches
    }

    fn expect(&mut self, sign: &'static str, context: &str) -> Result<Span, FormulaError> {
        if self.peek() == &Token::Sign(sign) {
            Ok(self.advance().1)
        } else {
            Err(self.unexpected(&format!("'{sign}' {context}")))
        }
    }

    fn unexpected(&self, expected: &str) -> FormulaError {
        let actual = match self.peek() {
            Token::Number(value) => format!("the number {}", number(*value)),
            Token::Word(word) => format!("'{word}'"),
            Token::Quoted(text) => format!("the ticker \"{text}\""),
            Token::Sign(sign) => format!("'{sign}'"),
            Token::End => "the end of the formula".to_owned(),
        };
        let error = FormulaError::new(self.span(), format!("expected {expected}, found {actual}"));
        if *self.peek() == Token::Sign("=") {
            return error.with_help("equality is written ==");
        }
        match self.intended() {
            Some("/") => error.with_help("write `/`; a comment begins with #"),
            Some(sign) => error.with_help(format!("write `{sign}`")),
            None => error,
        }
    }

    /// The operator that is meant where one of the last two tokens is an operator of other languages.
    fn intended(&self) -> Option<&'static str> {
        let before = self.next.checked_sub(1).map(|index| &self.tokens[index].0);
        match (before, self.peek()) {
            (Some(Token::Sign("*")), Token::Sign("*")) => return Some("^"),
            (Some(Token::Sign("<")), Token::Sign(">")) => return Some("!="),
            (Some(Token::Sign("/")), Token::Sign("/")) => return Some("/"),
            _ => {}
        }
        let capital = |token: &Token| match token {
            Token::Word(word) => {
                KEYWORDS.into_iter().find(|keyword| *keyword != word && keyword.eq_ignore_ascii_case(word))
            }
            _ => None,
        };
        capital(self.peek()).or_else(|| before.and_then(capital))
    }

    fn nested(&mut self, parse: impl FnOnce(&mut Parser) -> Parsed) -> Parsed {
        if self.nesting == NESTING_LIMIT {
            let message = format!("more than {NESTING_LIMIT} expressions nested in each other");
            return Err(FormulaError::new(self.span(), message));
        }
        self.nesting += 1;
        let parsed = parse(self);
        self.nesting -= 1;
        parsed
    }

    fn binary(
        &mut self,
        operand: impl Fn(&mut Parser) -> Parsed,
        operator: impl Fn(&Token) -> Option<BinaryOperator>,
    ) -> Parsed {
        let mut left = operand(self)?;
        while let Some(operator) = operator(self.peek()) {
            self.chained += 1;
            if self.chained > CHAIN_LIMIT {
                let message = format!("more than {CHAIN_LIMIT} operators in one formula");
                return Err(FormulaError::new(self.span(), message));
            }
            self.advance();
            let right = operand(self)?;
            left = join(operator, left, right);
        }
        Ok(left)
    }

    fn expression(&mut self) -> Parsed {
        self.nested(|parser| {
            parser.binary(Parser::conjunction, |token| word(token, "or", BinaryOperator::Or))
        })
    }

    fn conjunction(&mut self) -> Parsed {
        self.binary(Parser::negation, |token| word(token, "and", BinaryOperator::And))
    }

    fn negation(&mut self) -> Parsed {
        if word(self.peek(), "not", ()).is_none() {
            return self.comparison();
        }
        let (_, start) = self.advance();
        let operand = self.nested(Parser::negation)?;
        Ok(prefix(UnaryOperator::Not, start, operand))
    }

    fn comparison(&mut self) -> Parsed {
        let left = self.sum()?;
        let Some(operator) = comparison_sign(self.peek()) else {
            return Ok(left);
        };
        self.advance();
        let right = self.sum()?;
        if comparison_sign(self.peek()).is_some() {
            let error = FormulaError::new(self.span(), "comparisons do not chain");
            return Err(error.with_help("write `a < b and b < c`"));
        }
        Ok(join(operator, left, right))
    }

    fn sum(&mut self) -> Parsed {
        self.binary(Parser::product, |token| match token {
            Token::Sign("+") => Some(BinaryOperator::Add),
            Token::Sign("-") => Some(BinaryOperator::Subtract),
            _ => None,
        })
    }

    fn product(&mut self) -> Parsed {
        self.binary(Parser::signed, |token| match token {
            Token::Sign("*") => Some(BinaryOperator::Multiply),
            Token::Sign("/") => Some(BinaryOperator::Divide),
            _ => None,
        })
    }

    fn signed(&mut self) -> Parsed {
        let start = self.span();
        if !self.accept("-") {
            return self.power();
        }
        let operand = self.nested(Parser::signed)?;
        Ok(prefix(UnaryOperator::Negate, start, operand))
    }

    fn power(&mut self) -> Parsed {
        let base = self.primary()?;
        if !self.accept("^") {
            return Ok(base);
        }
        let exponent = self.nested(Parser::signed)?;
        Ok(join(BinaryOperator::Power, base, exponent))
    }

    fn primary(&mut self) -> Parsed {
        let start = self.span();
        match self.peek().clone() {
            Token::Number(value) => {
                self.advance();
                Ok(Expression { kind: ExpressionKind::Number(value), span: start })
            }
            Token::Quoted(text) => {
                self.advance();
                Ok(Expression { kind: ExpressionKind::Ticker(text), span: start })
            }
            Token::Word(name) if !KEYWORDS.contains(&name.as_str()) => {
                self.advance();
                if !self.accept("(") {
                    return Ok(Expression { kind: ExpressionKind::Name(name), span: start });
                }
                let arguments = self.arguments()?;
                let end = self.expect(")", "or ',' after an argument")?.end;
                Ok(Expression { kind: ExpressionKind::Call(name, arguments), span: start.start..end })
            }
            Token::Sign("(") => {
                self.advance();
                let inner = self.expression()?;
                let end = self.expect(")", "to close the parenthesis")?.end;
                Ok(Expression { kind: inner.kind, span: start.start..end })
            }
            _ => Err(self.unexpected("a number, a name or '('")),
        }
    }

    fn arguments(&mut self) -> Result<Vec<Argument>, FormulaError> {
        let mut arguments = Vec::new();
        if *self.peek() == Token::Sign(")") {
            return Ok(arguments);
        }
        loop {
            let named = self.tokens.get(self.next + 1).is_some_and(|(token, _)| *token == Token::Sign("="));
            let ticker = match self.peek().clone() {
                Token::Word(name) | Token::Quoted(name) if named => {
                    let (_, span) = self.advance();
                    self.advance();
                    Some((name, span))
                }
                _ => None,
            };
            arguments.push(Argument { ticker, value: self.expression()? });
            if !self.accept(",") {
                return Ok(arguments);
            }
        }
    }
}

fn word<T>(token: &Token, expected: &str, value: T) -> Option<T> {
    matches!(token, Token::Word(word) if word == expected).then_some(value)
}

fn comparison_sign(token: &Token) -> Option<BinaryOperator> {
    match token {
        Token::Sign("<") => Some(BinaryOperator::Less),
        Token::Sign("<=") => Some(BinaryOperator::LessOrEqual),
        Token::Sign(">") => Some(BinaryOperator::Greater),
        Token::Sign(">=") => Some(BinaryOperator::GreaterOrEqual),
        Token::Sign("==") => Some(BinaryOperator::Equal),
        Token::Sign("!=") => Some(BinaryOperator::NotEqual),
        _ => None,
    }
}

fn join(operator: BinaryOperator, left: Expression, right: Expression) -> Expression {
    let span = left.span.start..right.span.end;
    Expression { kind: ExpressionKind::Binary(operator, Box::new(left), Box::new(right)), span }
}

fn prefix(operator: UnaryOperator, start: Span, operand: Expression) -> Expression {
    let span = start.start..operand.span.end;
    Expression { kind: ExpressionKind::Unary(operator, Box::new(operand)), span }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &str) {
        let canonical = parse(text).unwrap_or_else(|error| panic!("{text}: {error}")).to_string();
        assert_eq!(canonical, expected, "{text}");
        assert_eq!(parse(&canonical).unwrap().to_string(), canonical, "the canonical text reads back");
    }

    fn refuse(text: &str, at: Span, message: &str) {
        let error = parse(text).unwrap_err();
        assert_eq!((error.span.clone(), error.to_string().as_str()), (at, message), "{text}");
    }

    #[test]
    fn precedence_is_that_of_the_table() {
        let same = |text: &str, explicit: &str| {
            check(text, text);
            check(explicit, text);
        };
        same("a or b and not c < d + e * -f ^ g", "(a or (b and (not (c < (d + (e * (-(f ^ g))))))))");
        same("-2 ^ 2", "-(2 ^ 2)");
        same("2 ^ 3 ^ 2", "2 ^ (3 ^ 2)");
        same("2 ^ -1", "2 ^ (-1)");
        same("a - b - c", "(a - b) - c");
        same("not a and b", "(not a) and b");
        same("not a < b", "not (a < b)");
        same("--a", "-(-(a))");
    }

    #[test]
    fn the_canonical_text_has_the_parentheses_it_needs() {
        check("((a or b)) and c", "(a or b) and c");
        check("a-(b-c)", "a - (b - c)");
        check("a/(b*c)", "a / (b * c)");
        check("(a*b)*c", "a * b * c");
        check("(-a)^2", "(-a) ^ 2");
        check("(2^3)^2", "(2 ^ 3) ^ 2");
        check("-(a+b)", "-(a + b)");
        check("(not a) == b", "(not a) == b");
        check("(a<b)==c", "(a < b) == c");
        check("a<(b==c)", "a < (b == c)");
        check("a or (b or c)", "a or (b or c)");
        check("2^(-(a*b))", "2 ^ -(a * b)");
        check("f((a), b = (c + d))", "f(a, \"b\" = c + d)");
        check("1e-3 * 0.5 + 1e300 + 1.5e-9", "0.001 * 0.5 + 1e300 + 1.5e-9");
    }

    #[test]
    fn the_canonical_text_of_a_long_chain_reads_back() {
        let sum = ["close"; 200].join(" + ");
        check(&sum, &sum);
        let nested = format!("{}1 + 2{}", "1 + 2 * (".repeat(60), ")".repeat(60));
        check(&nested, &nested);
    }

    #[test]
    fn a_comment_reaches_to_the_end_of_its_line() {
        check("close # the last price\n> 5 # dollars", "close > 5");
        refuse("close # and\n@ b", 12..13, "unexpected character '@'");
    }

    #[test]
    fn calls_take_named_tickers() {
        check("fixed(SPY = 0.6, \"BRK.B\" = -n)", "fixed(\"SPY\" = 0.6, \"BRK.B\" = -n)");
        check("of('SPY', close)", "of(\"SPY\", close)");
        check("count()", "count()");
    }

    #[test]
    fn errors_point_at_the_character() {
        refuse("sma(50", 6..6, "expected ')' or ',' after an argument, found the end of the formula");
        refuse("a < b < c", 6..7, "comparisons do not chain; write `a < b and b < c`");
        refuse(
            "a = b",
            2..3,
            "expected an operator or the end of the formula, found '='; equality is written ==",
        );
        refuse("1 + ", 4..4, "expected a number, a name or '(', found the end of the formula");
        refuse("a @ b", 2..3, "unexpected character '@'");
        refuse("a ? b : c", 2..3, "unexpected character '?'; write `if(condition, then, else)`");
        refuse("of(\"SPY)", 3..8, "the quote \" is not closed");
        refuse("1e999", 0..5, "the number '1e999' is too large");
        refuse("2 ** 3", 3..4, "expected a number, a name or '(', found '*'; write `^`");
        refuse("a && b", 2..3, "unexpected character '&'; write `and`");
        refuse("a || b", 2..3, "unexpected character '|'; write `or`");
        refuse("!a", 0..1, "unexpected character '!'; write `not`");
        refuse("a AND b", 2..5, "expected an operator or the end of the formula, found 'AND'; write `and`");
        refuse("(a Or b)", 3..5, "expected ')' to close the parenthesis, found 'Or'; write `or`");
        refuse("NOT a", 4..5, "expected an operator or the end of the formula, found 'a'; write `not`");
        refuse("1 + and", 4..7, "expected a number, a name or '(', found 'and'");
    }

    #[test]
    fn deep_and_long_formulas_are_refused() {
        for text in [
            "(".repeat(100_000),
            "-".repeat(90_000),
            "not ".repeat(20_000),
            "1+".repeat(40_000),
            "2^".repeat(40_000),
        ] {
            assert!(parse(&text).is_err());
        }
    }
}
