//! Formula text to tree, by recursive descent: one function a level of precedence, loosest first.

use super::tree::Tree;

/// The tree of a formula, or what is wrong with the text.
pub fn parse(text: &str) -> Result<Tree, String> {
    let mut parser = Parser { tokens: tokens(text)?, next: 0 };
    let tree = parser.or()?;
    if parser.next < parser.tokens.len() {
        return Err(format!("{:?} follows a complete formula", parser.tokens[parser.next]));
    }
    Ok(tree)
}

#[derive(Debug, Clone, PartialEq)]
enum Token {
    Number(f64),
    Word(String),
    Text(String),
    Symbol(&'static str),
}

const SYMBOLS: [&str; 16] =
    ["<=", ">=", "==", "!=", "<", ">", "=", "+", "-", "*", "/", "^", "(", ")", ",", " "];

fn tokens(text: &str) -> Result<Vec<Token>, String> {
    let mut tokens = Vec::new();
    let mut rest = text.trim();
    while let Some(first) = rest.chars().next() {
        if first == '#' {
            rest = rest.split_once('\n').map_or("", |(_, next)| next).trim_start();
            continue;
        }
        let length = match first {
            '0'..='9' => {
                let exponent = |at: usize| matches!(rest.as_bytes()[at - 1], b'e' | b'E');
                rest.char_indices()
                    .find(|&(at, c)| !(c.is_ascii_alphanumeric() || c == '.' || (c == '-' && exponent(at))))
                    .map_or(rest.len(), |(at, _)| at)
            }
            'A'..='Z' | 'a'..='z' | '_' => {
                rest.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(rest.len())
            }
            '"' => 2 + rest[1..].find('"').ok_or("a ticker without its closing quote")?,
            _ => SYMBOLS.iter().find(|symbol| rest.starts_with(**symbol)).map_or(1, |symbol| symbol.len()),
        };
        let (token, after) = rest.split_at(length);
        match first {
            '0'..='9' => tokens.push(Token::Number(token.parse().map_err(|_| format!("`{token}`"))?)),
            'A'..='Z' | 'a'..='z' | '_' => tokens.push(Token::Word(token.into())),
            '"' => tokens.push(Token::Text(token.trim_matches('"').into())),
            _ => {
                let symbol = SYMBOLS.iter().find(|symbol| **symbol == token);
                tokens.push(Token::Symbol(symbol.ok_or_else(|| format!("`{token}`"))?));
            }
        }
        rest = after.trim_start();
    }
    Ok(tokens)
}

struct Parser {
    tokens: Vec<Token>,
    next: usize,
}

impl Parser {
    fn take(&mut self) -> Option<Token> {
        self.next += 1;
        self.tokens.get(self.next - 1).cloned()
    }

    /// Steps over the next token if it is this symbol or word.
    fn takes(&mut self, wanted: &str) -> bool {
        let found = match self.tokens.get(self.next) {
            Some(Token::Symbol(symbol)) => *symbol == wanted,
            Some(Token::Word(word)) => word == wanted,
            _ => false,
        };
        self.next += usize::from(found);
        found
    }

    fn needs(&mut self, wanted: &str) -> Result<(), String> {
        if self.takes(wanted) { Ok(()) } else { Err(format!("`{wanted}` is missing")) }
    }

    /// Operands of one level with the operators of that level between them, taken from the left.
    fn chain(
        &mut self,
        operators: &[&str],
        operand: fn(&mut Parser) -> Result<Tree, String>,
    ) -> Result<Tree, String> {
        let mut tree = operand(self)?;
        while let Some(operator) = operators.iter().find(|operator| self.takes(operator)) {
            tree = Tree::binary(operator, tree, operand(self)?);
        }
        Ok(tree)
    }

    fn or(&mut self) -> Result<Tree, String> {
        self.chain(&["or"], Parser::and)
    }

    fn and(&mut self) -> Result<Tree, String> {
        self.chain(&["and"], Parser::not)
    }

    fn not(&mut self) -> Result<Tree, String> {
        if self.takes("not") { Ok(Tree::unary("not", self.not()?)) } else { self.comparison() }
    }

    /// At most one comparison: what follows a second operand is the caller's to refuse.
    fn comparison(&mut self) -> Result<Tree, String> {
        let left = self.sum()?;
        match ["<=", ">=", "==", "!=", "<", ">"].into_iter().find(|operator| self.takes(operator)) {
            Some(operator) => Ok(Tree::binary(operator, left, self.sum()?)),
            None => Ok(left),
        }
    }

    fn sum(&mut self) -> Result<Tree, String> {
        self.chain(&["+", "-"], Parser::product)
    }

    fn product(&mut self) -> Result<Tree, String> {
        self.chain(&["*", "/"], Parser::minus)
    }

    fn minus(&mut self) -> Result<Tree, String> {
        if self.takes("-") { Ok(Tree::unary("-", self.minus()?)) } else { self.power() }
    }

    fn power(&mut self) -> Result<Tree, String> {
        let base = self.atom()?;
        // What stands on the right of `^` may have a sign of its own: the minus is met before the power.
        if self.takes("^") { Ok(Tree::binary("^", base, self.minus()?)) } else { Ok(base) }
    }

    fn atom(&mut self) -> Result<Tree, String> {
        match self.take() {
            Some(Token::Number(x)) => Ok(Tree::Number(x)),
            Some(Token::Symbol("(")) => {
                let tree = self.or()?;
                self.needs(")")?;
                Ok(tree)
            }
            Some(Token::Word(name)) if self.takes("(") => match name.as_str() {
                "of" => {
                    let ticker = self.ticker()?;
                    self.needs(",")?;
                    let x = self.or()?;
                    self.needs(")")?;
                    Ok(Tree::Of(ticker, Box::new(x)))
                }
                "fixed" => Ok(Tree::Fixed(self.list(|parser| {
                    let ticker = parser.ticker()?;
                    parser.needs("=")?;
                    Ok((ticker, parser.or()?))
                })?)),
                _ => Ok(Tree::Call(name, self.list(Parser::or)?)),
            },
            Some(Token::Word(name)) if !["or", "and", "not"].contains(&name.as_str()) => Ok(Tree::Name(name)),
            other => Err(format!("{other:?} where a value was expected")),
        }
    }

    fn ticker(&mut self) -> Result<String, String> {
        match self.take() {
            Some(Token::Word(ticker) | Token::Text(ticker)) => Ok(ticker),
            other => Err(format!("{other:?} where a ticker was expected")),
        }
    }

    /// Items with commas between them, up to the closing parenthesis.
    fn list<T>(&mut self, item: fn(&mut Parser) -> Result<T, String>) -> Result<Vec<T>, String> {
        let mut items = Vec::new();
        if self.takes(")") {
            return Ok(items);
        }
        loop {
            items.push(item(self)?);
            if self.takes(")") {
                return Ok(items);
            }
            self.needs(",")?;
        }
    }
}
