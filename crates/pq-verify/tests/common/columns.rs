//! The columns of the file built by hand: six rows in two pages, the same in each row group.

use pq_encoding::{byte_stream_split, delta_binary_packed, plain, rle};
use pq_format::{
    CompressionCodec, ConvertedType, DecimalType, Encoding, FieldRepetitionType, IntType,
    LogicalType, SchemaElement, Type,
};

pub const ID: usize = 0;
pub const NAME: usize = 1;
pub const TAGS: usize = 2;
pub const X: usize = 3;
pub const PRICE: usize = 4;
pub const SMALL: usize = 5;
pub const FLAG: usize = 6;
pub const POINT_A: usize = 7;
pub const POINT_B: usize = 8;

/// Fields below the root.
pub const TOP_LEVEL: i32 = 8;

/// A column of six rows.
#[derive(Debug, Clone)]
pub struct Column {
    pub elements: Vec<SchemaElement>,
    pub path: Vec<&'static str>,
    pub physical: Type,
    pub codec: CompressionCodec,
    pub encoding: Encoding,
    pub v2: bool,
    pub max_repetition: u16,
    pub max_definition: u16,
    pub dictionary: Option<(i32, Vec<u8>)>,
    pub dictionary_twice: bool,
    pub pages: Vec<Page>,
    pub min: Vec<u8>,
    pub max: Vec<u8>,
    pub has_nan: bool,
    pub distinct: Option<i64>,
    pub ascending: bool,
    pub bloom: Vec<Vec<u8>>,
}

/// A page of three rows.
#[derive(Debug, Clone, Default)]
pub struct Page {
    pub repetition: Vec<u16>,
    pub definition: Vec<u16>,
    /// Encoded.
    pub values: Vec<u8>,
    pub min: Vec<u8>,
    pub max: Vec<u8>,
    pub nans: i64,
    pub bytes: i64,
}

impl Column {
    pub fn has_bytes(&self) -> bool {
        self.physical == Type::BYTE_ARRAY
    }
}

impl Page {
    pub fn num_values(&self, column: &Column) -> usize {
        if column.max_definition == 0 {
            3
        } else {
            self.definition.len()
        }
    }

    pub fn nulls(&self, column: &Column) -> usize {
        let is_null = |level: &&u16| **level < column.max_definition;
        self.definition.iter().filter(is_null).count()
    }

    pub fn rows(&self, column: &Column) -> usize {
        if column.max_repetition == 0 {
            return self.num_values(column);
        }
        self.repetition.iter().filter(|&&level| level == 0).count()
    }
}

fn leaf(name: &str, physical: Type, repetition: FieldRepetitionType) -> SchemaElement {
    SchemaElement {
        name: name.to_owned(),
        r#type: Some(physical),
        repetition_type: Some(repetition),
        ..Default::default()
    }
}

fn group(name: &str, repetition: FieldRepetitionType, children: i32) -> SchemaElement {
    SchemaElement {
        name: name.to_owned(),
        num_children: Some(children),
        repetition_type: Some(repetition),
        ..Default::default()
    }
}

fn text(mut element: SchemaElement) -> SchemaElement {
    element.logical_type = Some(LogicalType::String(Default::default()));
    element.converted_type = Some(ConvertedType::UTF8);
    element
}

/// A required column of two pages, each of values that were encoded, with a min and max.
fn required(
    element: SchemaElement,
    path: &'static str,
    encoding: Encoding,
    pages: [(Vec<u8>, Vec<u8>, Vec<u8>); 2],
) -> Column {
    let physical = element.r#type.unwrap();
    let pages = pages.map(|(values, min, max)| Page {
        values,
        min,
        max,
        ..Default::default()
    });
    Column {
        elements: vec![element],
        path: vec![path],
        physical,
        codec: CompressionCodec::UNCOMPRESSED,
        encoding,
        v2: false,
        max_repetition: 0,
        max_definition: 0,
        dictionary: None,
        dictionary_twice: false,
        min: pages[0].min.clone(),
        max: pages[1].max.clone(),
        pages: pages.to_vec(),
        has_nan: false,
        distinct: None,
        ascending: true,
        bloom: Vec::new(),
    }
}

/// All columns.
pub fn columns() -> Vec<Column> {
    let [a, b] = points();
    vec![id(), name(), tags(), x(), price(), small(), flag(), a, b]
}

fn id() -> Column {
    let page = |values: [i64; 3]| {
        let mut page = Vec::new();
        delta_binary_packed::encode_i64(&values, &mut page).unwrap();
        let [min, _, max] = values.map(|value| value.to_le_bytes().to_vec());
        (page, min, max)
    };
    let element = leaf("id", Type::INT64, FieldRepetitionType::REQUIRED);
    let pages = [page([1, 2, 3]), page([4, 5, 600])];
    let mut column = required(element, "id", Encoding::DELTA_BINARY_PACKED, pages);
    column.distinct = Some(6);
    column
}

fn name() -> Column {
    let page = |definition: [u16; 3], indices: &[u32], min: &str, max: &str| {
        let mut values = vec![2];
        rle::encode_u32(indices, 2, &mut values).unwrap();
        Page {
            definition: definition.to_vec(),
            values,
            min: min.into(),
            max: max.into(),
            bytes: 3 * indices.len() as i64,
            ..Default::default()
        }
    };
    let element = text(leaf(
        "name",
        Type::BYTE_ARRAY,
        FieldRepetitionType::OPTIONAL,
    ));
    let mut column = required(
        element,
        "name",
        Encoding::RLE_DICTIONARY,
        Default::default(),
    );
    column.codec = CompressionCodec::SNAPPY;
    column.max_definition = 1;
    column.dictionary = Some((3, b"\x03\0\0\0ann\x03\0\0\0bob\x03\0\0\0cat".to_vec()));
    column.pages = vec![
        page([1, 0, 1], &[0, 1], "ann", "bob"),
        page([1, 1, 0], &[0, 2], "ann", "cat"),
    ];
    column.min = b"ann".to_vec();
    column.max = b"cat".to_vec();
    column.distinct = Some(3);
    column.bloom = [b"ann", b"bob", b"cat"].map(|name| name.to_vec()).to_vec();
    column
}

fn tags() -> Column {
    let page = |definition: [u16; 4], values: &[u8], min: &str, max: &str, bytes| Page {
        repetition: vec![0, 1, 0, 0],
        definition: definition.to_vec(),
        values: values.to_vec(),
        min: min.into(),
        max: max.into(),
        bytes,
        ..Default::default()
    };
    let mut list = group("tags", FieldRepetitionType::OPTIONAL, 1);
    list.logical_type = Some(LogicalType::List(Default::default()));
    list.converted_type = Some(ConvertedType::LIST);
    let element = text(leaf(
        "element",
        Type::BYTE_ARRAY,
        FieldRepetitionType::OPTIONAL,
    ));
    let mut column = required(element, "tags", Encoding::PLAIN, Default::default());
    column.elements.insert(0, list);
    let middle = group("list", FieldRepetitionType::REPEATED, 1);
    column.elements.insert(1, middle);
    column.path = vec!["tags", "list", "element"];
    column.codec = CompressionCodec::ZSTD;
    column.v2 = true;
    (column.max_repetition, column.max_definition) = (1, 3);
    // [a, b], [], null; [c, null], [d], [e].
    column.pages = vec![
        page([3, 3, 1, 0], b"\x01\0\0\0a\x01\0\0\0b", "a", "b", 2),
        page(
            [3, 2, 3, 3],
            b"\x01\0\0\0c\x01\0\0\0d\x01\0\0\0e",
            "c",
            "e",
            3,
        ),
    ];
    column.min = b"a".to_vec();
    column.max = b"e".to_vec();
    column
}

fn x() -> Column {
    let page = |values: [f64; 3], min: f64, max: f64| {
        let mut page = Vec::new();
        byte_stream_split::encode_f64(&values, &mut page).unwrap();
        (page, min.to_le_bytes().to_vec(), max.to_le_bytes().to_vec())
    };
    let element = leaf("x", Type::DOUBLE, FieldRepetitionType::REQUIRED);
    let pages = [
        page([1.5, f64::NAN, 0.0], -0.0, 1.5),
        page([2.0, 3.0, 9.5], 2.0, 9.5),
    ];
    let mut column = required(element, "x", Encoding::BYTE_STREAM_SPLIT, pages);
    column.has_nan = true;
    column.pages[0].nans = 1;
    column
}

fn price() -> Column {
    let page = |values: [i32; 3], min: i32, max: i32| {
        let mut page = Vec::new();
        for value in values {
            page.extend(value.to_be_bytes());
        }
        (page, min.to_be_bytes().to_vec(), max.to_be_bytes().to_vec())
    };
    let mut element = leaf(
        "price",
        Type::FIXED_LEN_BYTE_ARRAY,
        FieldRepetitionType::REQUIRED,
    );
    (element.type_length, element.precision, element.scale) = (Some(4), Some(9), Some(2));
    element.converted_type = Some(ConvertedType::DECIMAL);
    element.logical_type = Some(LogicalType::Decimal(DecimalType {
        scale: 2,
        precision: 9,
        ..Default::default()
    }));
    let pages = [page([7, -5, 1], -5, 7), page([2, 4, 30], 2, 30)];
    required(element, "price", Encoding::PLAIN, pages)
}

fn small() -> Column {
    let page = |values: [i32; 3], min: i32, max: i32| {
        let mut page = Vec::new();
        plain::encode_i32(&values, &mut page).unwrap();
        (page, min.to_le_bytes().to_vec(), max.to_le_bytes().to_vec())
    };
    let mut element = leaf("small", Type::INT32, FieldRepetitionType::REQUIRED);
    element.converted_type = Some(ConvertedType::UINT_8);
    element.logical_type = Some(LogicalType::Integer(IntType {
        bit_width: 8,
        is_signed: false,
        ..Default::default()
    }));
    let pages = [page([1, 3, 2], 1, 3), page([3, 200, 4], 3, 200)];
    required(element, "small", Encoding::PLAIN, pages)
}

fn flag() -> Column {
    let page = |values: [bool; 3]| {
        let mut page = Vec::new();
        rle::booleans::encode(&values, &mut page).unwrap();
        (page, vec![0], vec![1])
    };
    let element = leaf("flag", Type::BOOLEAN, FieldRepetitionType::REQUIRED);
    let pages = [page([true, false, true]), page([false, true, true])];
    required(element, "flag", Encoding::RLE, pages)
}

fn points() -> [Column; 2] {
    ["a", "b"].map(|name| {
        let page = |definition: [u16; 3], values: &[i32]| {
            let mut page = Page {
                definition: definition.to_vec(),
                ..Default::default()
            };
            plain::encode_i32(values, &mut page.values).unwrap();
            page.min = values[0].to_le_bytes().to_vec();
            page.max = values[values.len() - 1].to_le_bytes().to_vec();
            page
        };
        let element = leaf(name, Type::INT32, FieldRepetitionType::REQUIRED);
        let mut column = required(element, name, Encoding::PLAIN, Default::default());
        if name == "a" {
            let point = group("point", FieldRepetitionType::OPTIONAL, 2);
            column.elements.insert(0, point);
        }
        column.path = vec!["point", name];
        column.max_definition = 1;
        column.pages = vec![page([1, 0, 1], &[-1, 1]), page([0, 1, 1], &[2, 3])];
        column.min = column.pages[0].min.clone();
        column.max = column.pages[1].max.clone();
        column
    })
}

/// Sets the bits of a value in a split block Bloom filter.
pub fn bloom_insert(bits: &mut [u8], value: &[u8]) {
    const SALT: [u32; 8] = [
        0x47b6_137b,
        0x4497_4d91,
        0x8824_ad5b,
        0xa2b7_289d,
        0x7054_95c7,
        0x2df1_424b,
        0x9efc_4947,
        0x5c6b_fb31,
    ];
    let hash = twox_hash::XxHash64::oneshot(0, value);
    let block = (((hash >> 32) * (bits.len() as u64 / 32)) >> 32) as usize;
    for (word, salt) in SALT.iter().enumerate() {
        let bit = (hash as u32).wrapping_mul(*salt) >> 27;
        bits[block * 32 + word * 4 + bit as usize / 8] |= 1 << (bit % 8);
    }
}
