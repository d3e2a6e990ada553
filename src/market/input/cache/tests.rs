//! The cache compared with the price files themselves, and every way in which it can be wrong.

use std::fs::{self, File};
use std::io::Write;
use std::path::Path;

use flate2::Compression;
use flate2::write::GzEncoder;

use super::format::VERSION;
use super::stamp::FileClock;
use super::*;
use crate::market::columns::{Column, Columns};
use crate::market::date::Date;
use crate::market::input;
use crate::market::input::error::FileError;
use crate::market::input::folder::{Folder, csv};
use crate::market::input::source::Source;

/// Rows out of order, a repeated date, missing cells, a blank line, negative zero.
const MESSY: &str = "Date,Open,High,Low,Close,Adj Close,Volume\n2020-01-08,4,5,-0.0,4.1,4,9\n\n2020-01-06,,2,1,null,1,\n2020-01-08,1e-300,7,6,7,NaN,9\n";
const PLAIN: &str = "Date,Open,Close\n2020-01-06,1,2\n2020-01-07,2.5,3\n";
const BAD_VOLUME: &str = "Date,Open,High,Low,Close,Adj Close,Volume\n2020-01-06,1,1,1,1,1,many\n";

fn symbols() -> Vec<String> {
    ["MESSY", "PACKED", "PLAIN", "VOLUME"].map(str::to_owned).into()
}

/// A folder of price files with peculiarities.
fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let files = [("MESSY.csv", MESSY), ("PLAIN.csv", PLAIN), ("VOLUME.csv", BAD_VOLUME)];
    for (name, text) in files {
        fs::write(folder.path().join(name), text).unwrap();
    }
    let mut packed = GzEncoder::new(Vec::new(), Compression::default());
    packed.write_all(MESSY.as_bytes()).unwrap();
    fs::write(folder.path().join("PACKED.csv.gz"), packed.finish().unwrap()).unwrap();
    folder
}

/// Makes a cache as if the price files had been written long before it.
fn make_settled(folder: &Path, symbols: &[String]) -> PathBuf {
    let path = folder.join(file_name(symbols));
    let mut file = File::create(&path).unwrap();
    let clock = FileClock::long_after(&file.metadata().unwrap());
    write::fill(&mut file, folder, symbols, &clock).unwrap();
    path
}

fn combinations() -> impl Iterator<Item = Columns> {
    let optional = [Column::High, Column::Volume, Column::AdjustedClose];
    (0..8).map(move |bits| {
        optional
            .into_iter()
            .enumerate()
            .filter(|(bit, _)| bits >> bit & 1 > 0)
            .map(|(_, column)| column)
            .collect()
    })
}

/// The bits of the tables, so that NaN equals itself, or the message.
fn shown(loaded: Result<Vec<(String, PriceTable)>, FileError>) -> Result<Vec<(String, Vec<u64>)>, String> {
    let bits = |table: PriceTable| {
        let mut bits = table.lines.clone();
        bits.extend(table.dates.iter().map(|date| date.0 as u64));
        for column in Column::all() {
            bits.push(table[column].len() as u64);
            bits.extend(table[column].iter().map(|value| value.to_bits()));
        }
        bits
    };
    let tables = loaded.map_err(|error| error.to_string())?;
    Ok(tables.into_iter().map(|(symbol, table)| (symbol, bits(table))).collect())
}

/// The rows of one asset, or the error that it is missing or wrong.
fn table(
    source: &dyn Source,
    symbol: &str,
    columns: Columns,
    table: &mut PriceTable,
) -> Result<(String, PriceTable), FileError> {
    match source.read(symbol, columns, table) {
        Some(read) => read.map(|()| (symbol.to_owned(), table.clone())),
        None => Err(source.missing(symbol)),
    }
}

/// The rows of some assets, all read into the same table.
fn load(prices: &Path, symbols: &[String], columns: Columns) -> Result<Vec<(String, PriceTable)>, FileError> {
    let source = input::open(prices, symbols)?;
    let mut reused = PriceTable::default();
    symbols.iter().map(|symbol| table(&*source, symbol, columns, &mut reused)).collect()
}

/// The rows of some assets, read from their price files.
fn parsed(
    folder: &Path,
    symbols: &[String],
    columns: Columns,
) -> Result<Vec<(String, PriceTable)>, FileError> {
    let folder = Folder::new(folder);
    symbols.iter().map(|symbol| table(&folder, symbol, columns, &mut PriceTable::default())).collect()
}

/// A folder with the cache at a path, if that can be opened.
fn beside(folder: &Path, cache: &Path) -> Box<dyn Source> {
    match Cache::open(cache) {
        Ok(cache) => Box::new(CachedFolder::new(Folder::new(folder), cache)),
        Err(_) => Box::new(Folder::new(folder)),
    }
}

/// Checks that loading gives what the price files give, whatever the cache of the folder holds.
fn check(folder: &Path, symbols: &[String], what: &str) {
    for columns in combinations() {
        let expected = shown(parsed(folder, symbols, columns));
        assert_eq!(shown(load(folder, symbols, columns)), expected, "{what}: {columns:?}");
        for symbol in symbols.chunks(1) {
            let expected = shown(parsed(folder, symbol, columns));
            let source = beside(folder, &folder.join(file_name(symbols)));
            let table = table(&*source, &symbol[0], columns, &mut PriceTable::default());
            assert_eq!(shown(table.map(|table| vec![table])), expected, "{what}: {columns:?}");
        }
    }
}

fn cached_now(folder: &Path, symbols: &[String], symbol: &str) -> Option<PriceTable> {
    let mut reused = PriceTable::default();
    let cache = Cache::open(&folder.join(file_name(symbols))).unwrap();
    let source = CachedFolder::new(Folder::new(folder), cache);
    source.cached(symbol, Columns::default(), &mut reused).map(|()| reused)
}

#[test]
fn gives_what_the_price_files_give() {
    let (folder, symbols) = (folder(), symbols());
    check(folder.path(), &symbols, "no cache");
    let path = make(folder.path(), &symbols).unwrap();
    check(folder.path(), &symbols, "content compared");
    assert_eq!(make_settled(folder.path(), &symbols), path);
    check(folder.path(), &symbols, "stamps compared");
    for symbol in &symbols {
        assert!(cached_now(folder.path(), &symbols, symbol).is_some(), "{symbol} comes from the cache");
    }
}

#[test]
fn a_cache_of_the_same_assets_in_any_order_is_found() {
    let folder = folder();
    let path = make(folder.path(), &symbols()).unwrap();
    let mut turned = symbols();
    turned.reverse();
    assert_eq!(folder.path().join(file_name(&turned)), path);
    check(folder.path(), &turned, "in another order");
    assert_ne!(file_name(&turned[1..]), file_name(&turned));
    assert_ne!(file_name(&["AB".into(), "C".into()]), file_name(&["A".into(), "BC".into()]));
}

#[test]
fn a_file_that_changed_is_read_anew() {
    let (folder, symbols) = (folder(), symbols());
    make_settled(folder.path(), &symbols);
    fs::write(folder.path().join("PLAIN.csv"), PLAIN.replace("2.5", "3.5")).unwrap();
    check(folder.path(), &symbols, "another content of the same size");
    assert!(cached_now(folder.path(), &symbols, "PLAIN").is_none());
    assert!(cached_now(folder.path(), &symbols, "MESSY").is_some(), "the others are still valid");
    fs::write(folder.path().join("PLAIN.csv"), PLAIN).unwrap();
    assert!(cached_now(folder.path(), &symbols, "PLAIN").is_some(), "the same content again");
    fs::write(folder.path().join("PACKED.csv"), PLAIN).unwrap();
    check(folder.path(), &symbols, "a file that hides the compressed one");
    fs::rename(folder.path().join("PACKED.csv.gz"), folder.path().join("PACKED.csv")).unwrap();
    check(folder.path(), &symbols, "the same bytes under the name of a text");
    fs::remove_file(folder.path().join("MESSY.csv")).unwrap();
    check(folder.path(), &symbols, "a file that is gone");
}

#[test]
fn a_change_that_leaves_no_trace_is_seen_unless_the_file_was_old() {
    let (folder, symbols) = (folder(), symbols());
    let path = make(folder.path(), &symbols).unwrap();
    let plain = folder.path().join("PLAIN.csv");
    fs::write(&plain, PLAIN.replace("2.5", "3.5")).unwrap();
    let plain_from = |settled| {
        let mut cache = Cache::open(&path).unwrap();
        let entry = cache.entries.get_mut("PLAIN").unwrap();
        entry.stamp = Stamp::new(&fs::metadata(&plain).unwrap());
        assert!(!entry.settled, "it was written a moment before");
        entry.settled = settled;
        let source = CachedFolder::new(Folder::new(folder.path()), cache);
        source.cached("PLAIN", Columns::default(), &mut PriceTable::default())
    };
    assert_eq!(plain_from(false), None);
    assert!(plain_from(true).is_some(), "here the stamp would be believed");
}

#[test]
fn dates_are_given_apart_where_every_row_is_a_bar_and_no_text_is_read() {
    let (folder, symbols) = (folder(), symbols());
    let dates_of = |path: &Path, symbol: &str| {
        let mut dates = vec![Date(0)];
        let source = CachedFolder::new(Folder::new(folder.path()), Cache::open(path).unwrap());
        let found = source.bar_dates(symbol, &mut dates).map(|()| dates.clone());
        let alone = CacheFile::open(path).unwrap().bar_dates(symbol, &mut dates).map(|()| dates);
        (found, alone)
    };
    let path = make(folder.path(), &symbols).unwrap();
    let days = |dates: &[&str]| dates.iter().map(|date| Date::parse(date.as_bytes()).unwrap()).collect();
    let plain = Some(days(&["2020-01-06", "2020-01-07"]));
    assert_eq!(dates_of(&path, "PLAIN"), (None, plain.clone()), "its content is not proven yet");
    let path = make_settled(folder.path(), &symbols);
    assert_eq!(dates_of(&path, "PLAIN"), (plain.clone(), plain.clone()));
    assert_eq!(dates_of(&path, "VOLUME").0, Some(days(&["2020-01-06"])));
    assert_eq!(dates_of(&path, "MESSY"), (None, None), "it lacks prices");
    assert_eq!(dates_of(&path, "NONE"), (None, None));
    fs::write(folder.path().join("PLAIN.csv"), format!("{PLAIN}2020-01-08,1,1\n")).unwrap();
    assert_eq!(dates_of(&path, "PLAIN"), (None, plain), "the file has changed");
    // One day later in the first bytes of its block.
    let offset = Cache::open(&path).unwrap().entries["PLAIN"].offset as usize;
    let mut bytes = fs::read(&path).unwrap();
    bytes[offset] += 1;
    fs::write(&path, bytes).unwrap();
    assert_eq!(dates_of(&path, "PLAIN").1, None, "the dates are damaged");
}

#[test]
fn a_link_that_leads_elsewhere_is_seen() {
    let folder = tempfile::tempdir().unwrap();
    let symbols = ["A".to_owned()];
    for (name, price) in [("old", "1"), ("new", "2")] {
        fs::write(folder.path().join(name), format!("Date,Open,Close\n2020-01-06,{price},1\n")).unwrap();
    }
    let link = folder.path().join("A.csv");
    let lead_to = |name: &str| {
        let _ = fs::remove_file(&link);
        std::os::unix::fs::symlink(name, &link).unwrap();
    };
    lead_to("old");
    make_settled(folder.path(), &symbols);
    lead_to("new");
    check(folder.path(), &symbols, "another file behind the link");
}

#[test]
fn every_damaged_bit_is_noticed() {
    let (folder, symbols) = (folder(), symbols());
    let path = make_settled(folder.path(), &symbols);
    let whole = fs::read(&path).unwrap();
    let expected: Vec<_> =
        combinations().map(|columns| (columns, shown(load(&path, &symbols[..3], columns)))).collect();
    for offset in 0..whole.len() {
        let mut damaged = whole.clone();
        damaged[offset] ^= 1 << (offset % 8);
        fs::write(&path, &damaged).unwrap();
        for symbol in &symbols {
            let source = beside(folder.path(), &path);
            let table = table(&*source, symbol, Columns::all(), &mut PriceTable::default());
            assert_eq!(
                shown(table.map(|table| vec![table])),
                shown(parsed(folder.path(), std::slice::from_ref(symbol), Columns::all())),
                "byte {offset}"
            );
        }
        for (columns, expected) in &expected {
            let alone = shown(load(&path, &symbols[..3], *columns));
            assert!(alone == *expected || alone.is_err(), "byte {offset}: another result");
        }
    }
}

#[test]
fn an_index_that_was_altered_is_not_believed() {
    let folder = tempfile::tempdir().unwrap();
    for (symbol, price) in [("A", 1), ("C", 2)] {
        let text = format!("Date,Open,Close\n2020-01-06,{price},{price}\n");
        fs::write(folder.path().join(format!("{symbol}.csv")), text).unwrap();
    }
    let path = make(folder.path(), &["A".to_owned(), "C".to_owned()]).unwrap();
    let mut bytes = fs::read(&path).unwrap();
    let name = bytes.windows(9).rposition(|bytes| bytes == b"\x01\0\0\0\0\0\0\0C").unwrap() + 8;
    bytes[name] = b'A';
    fs::write(&path, bytes).unwrap();
    assert!(load(&path, &["A".to_owned()], Columns::default()).is_err(), "prices of another asset");
}

#[test]
fn every_truncated_file_is_noticed_and_made_anew() {
    let (folder, symbols) = (folder(), symbols());
    let path = make_settled(folder.path(), &symbols);
    let whole = fs::read(&path).unwrap();
    for length in (0..whole.len()).step_by(7) {
        fs::write(&path, &whole[..length]).unwrap();
        assert!(load(&path, &symbols, Columns::default()).is_err(), "{length} bytes");
        check(folder.path(), &symbols, &format!("{length} bytes"));
    }
    assert_eq!(make(folder.path(), &symbols).as_ref(), Some(&path));
    assert_eq!(fs::read(&path).unwrap().len(), whole.len());
    assert!(load(&path, &symbols, Columns::default()).is_ok());
}

#[test]
fn a_valid_cache_is_kept_and_an_invalid_one_replaced() {
    let (folder, symbols) = (folder(), symbols());
    let path = make_settled(folder.path(), &symbols);
    let file = || Stamp::new(&fs::metadata(&path).unwrap());
    let made = file();
    let whole = fs::read(&path).unwrap();
    make(folder.path(), &symbols).unwrap();
    assert_eq!(file(), made);
    let mut damaged = whole.clone();
    damaged[format::HEADER_LENGTH + 1] ^= 1;
    fs::write(&path, damaged).unwrap();
    make(folder.path(), &symbols).unwrap();
    assert!(load(&path, &symbols, Columns::default()).is_ok(), "a damaged column");
    let made = file();
    make(folder.path(), &symbols).unwrap();
    assert_ne!(file(), made, "what must be compared by content is made anew, to be settled in time");
}

#[test]
fn another_version_is_not_read() {
    let (folder, symbols) = (folder(), symbols());
    let path = make_settled(folder.path(), &symbols);
    let mut bytes = fs::read(&path).unwrap();
    bytes[8] = VERSION as u8 + 1;
    fs::write(&path, bytes).unwrap();
    check(folder.path(), &symbols, "another version");
    let error = load(&path, &symbols, Columns::default()).unwrap_err().to_string();
    assert!(error.contains(&format!("format {}, expected {VERSION}", VERSION + 1)), "{error}");
}

#[test]
fn where_no_cache_can_be_made_nothing_is_left_behind() {
    let (folder, symbols) = (folder(), symbols());
    let names = || {
        let mut names: Vec<_> =
            fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        names.sort();
        names
    };
    fs::create_dir(folder.path().join(file_name(&symbols))).unwrap();
    let before = names();
    assert_eq!(make(folder.path(), &symbols), None, "its name is taken");
    check(folder.path(), &symbols, "a folder with the name of the cache");
    assert_eq!(make(folder.path(), &["NONE".to_owned()]), None);
    assert_eq!(make(&folder.path().join("none"), &symbols), None);
    fs::write(folder.path().join("EMPTY.csv"), "").unwrap();
    assert_eq!(make(folder.path(), &["EMPTY".to_owned()]), None);
    fs::remove_file(folder.path().join("EMPTY.csv")).unwrap();
    assert_eq!(names(), before);
}

#[test]
fn a_cache_stands_for_itself() {
    let (folder, symbols) = (folder(), symbols());
    let made = make(folder.path(), &symbols).unwrap();
    let elsewhere = tempfile::tempdir().unwrap();
    let path = elsewhere.path().join("prices");
    fs::copy(made, &path).unwrap();
    assert_eq!(make(&path, &symbols), Some(path.clone()));
    let some = &symbols[..2];
    assert_eq!(shown(load(&path, some, Columns::all())), shown(parsed(folder.path(), some, Columns::all())));
    let message = |symbol: &str, columns| {
        let error = load(&path, &[symbol.to_owned()], columns).unwrap_err().to_string();
        error.strip_prefix(&format!("{}: ", path.display())).unwrap().to_owned()
    };
    assert_eq!(message("PLAIM", Columns::all()), "no price file for asset 'PLAIM'; did you mean 'PLAIN'?");
    assert_eq!(
        message("PLAIN", Columns::all()),
        "the file of asset 'PLAIN' had no column 'Adj Close' that can be read"
    );
    let low = Columns::default().with(Column::Low);
    assert_eq!(
        message("PLAIN", low),
        "the file of asset 'PLAIN' had no column 'High' or 'Low' that can be read"
    );
    let volume = Columns::default().with(Column::Volume);
    assert_eq!(
        message("VOLUME", volume),
        "the file of asset 'VOLUME' had no column 'Volume' that can be read"
    );
    fs::write(&path, "Date,Open,Close\n").unwrap();
    assert_eq!(message("PLAIN", Columns::all()), "no such folder of price files");
}

#[test]
fn many_may_make_and_read_it_at_once() {
    let (folder, symbols) = (folder(), symbols());
    let expected = shown(parsed(folder.path(), &symbols[..2], Columns::all()));
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| (0..10).for_each(|_| assert!(make(folder.path(), &symbols[..2]).is_some())));
            scope.spawn(|| {
                (0..50).for_each(|_| {
                    assert_eq!(shown(load(folder.path(), &symbols[..2], Columns::all())), expected)
                });
            });
        }
    });
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), symbols.len() + 1);
}

#[test]
fn a_folder_that_is_read_only_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("A.csv"), "Date,Open,Close\n2020-01-06,1,2\n").unwrap();
    let mut permissions = fs::metadata(folder.path()).unwrap().permissions();
    permissions.set_readonly(true);
    fs::set_permissions(folder.path(), permissions.clone()).unwrap();
    assert_eq!(make(folder.path(), &["A".to_owned()]), None, "even for a superuser");
    #[expect(clippy::permissions_set_readonly_false, reason = "the folder is taken away next")]
    permissions.set_readonly(false);
    fs::set_permissions(folder.path(), permissions).unwrap();
}

#[test]
fn the_order_of_sections_never_changes() {
    let text = "Volume,Adj Close,Close,Low,High,Open,Date\n9,2,4,3,5,1,1970-01-02\n";
    let table = csv::read(text.as_bytes(), Columns::all()).unwrap();
    let (bytes, checksums) = format::encode_block(&table).unwrap();
    // Date, open, close, adjusted close, high, low, volume.
    let doubles = [1.0, 4.0, 2.0, 5.0, 3.0, 9.0f64].map(f64::to_le_bytes);
    assert_eq!(bytes, [&1i32.to_le_bytes()[..], &doubles.concat()].concat());
    assert_eq!(
        checksums.map(|checksum| checksum.is_some()),
        [true, false, true, true, true, true, true, true]
    );
}
