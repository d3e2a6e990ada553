//! A strict reader of the pages' markup: every element ends, in order, and what is inside an attribute stays there. Knows only as
//! much of HTML as the pages use.

/// Elements that have no end.
const EMPTY: [&str; 3] = ["meta", "input", "br"];

/// An element: its name, its attributes, and the text right behind its beginning.
pub struct Element {
    pub name: String,
    pub attributes: Vec<(String, String)>,
    pub text: String,
}

impl Element {
    /// The value of an attribute.
    pub fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

/// Every element in the order of the page.
///
/// Panics where the page is not well-formed.
pub fn elements(page: &str) -> Vec<Element> {
    let mut rest = page.strip_prefix("<!DOCTYPE html>").expect("a page begins with its type");
    let mut open: Vec<String> = Vec::new();
    let mut found: Vec<Element> = Vec::new();
    while let Some(start) = rest.find('<') {
        rest = &rest[start + 1..];
        if let Some(closed) = rest.strip_prefix('/') {
            let (name, behind) = closed.split_once('>').expect("an end of an element ends");
            assert_eq!(open.pop().as_deref(), Some(name), "elements end in order");
            rest = behind;
            continue;
        }
        let (element, behind) = beginning(rest);
        rest = behind;
        let name = element.name.clone();
        found.push(element);
        if EMPTY.contains(&name.as_str()) {
            continue;
        }
        if ["style", "script"].contains(&name.as_str()) {
            let end = rest.find(&format!("</{name}>")).expect("style and script end");
            rest = &rest[end..];
        }
        open.push(name);
        let next = rest.find('<').expect("an element ends");
        found.last_mut().expect("just added").text = unescaped(&rest[..next]);
    }
    assert!(open.is_empty(), "elements without an end: {open:?}");
    found
}

/// An element from behind its `<`, and what follows its `>`.
fn beginning(text: &str) -> (Element, &str) {
    let length = text.find(|letter: char| !letter.is_ascii_alphanumeric()).expect("an element ends");
    assert!(length > 0, "a bare '<' before: {}", &text[..text.len().min(40)]);
    let mut element =
        Element { name: text[..length].to_owned(), attributes: Vec::new(), text: String::new() };
    let mut rest = &text[length..];
    loop {
        rest = rest.trim_start();
        if let Some(behind) = rest.strip_prefix('>') {
            return (element, behind);
        }
        let end = rest.find(['=', '>', ' ']).expect("an element ends");
        assert!(end > 0, "an attribute without a name: {}", rest.chars().take(40).collect::<String>());
        let name = rest[..end].to_owned();
        rest = &rest[end..];
        let value = match rest.strip_prefix("=\"") {
            Some(value) => {
                let (value, behind) = value.split_once('"').expect("a value ends");
                rest = behind;
                assert!(!value.contains('<'), "an open '<' in {name}: {value}");
                unescaped(value)
            }
            None => String::new(),
        };
        element.attributes.push((name, value));
    }
}

fn unescaped(text: &str) -> String {
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&")
}

/// The text of every cell of a table with this identifier, row by row.
pub fn rows(page: &str, id: &str) -> Vec<Vec<String>> {
    let start = page.find(&format!("id=\"{id}\"")).expect("the table is there");
    let table = &page[start..start + page[start..].find("</table>").expect("a table ends")];
    let body = table.split_once("<tbody>").expect("a table has rows").1;
    let cells = |row: &str| {
        let cells = row.split("<td").skip(1);
        cells.map(|cell| unescaped(cell.split_once('>').unwrap().1.split('<').next().unwrap())).collect()
    };
    body.split("<tr").skip(1).map(cells).collect()
}
