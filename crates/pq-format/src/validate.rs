//! Rules of the specification that a struct's declaration does not say. They are checked before
//! a struct is written; what is read may break them.

use crate::error::FormatError;
use crate::index::{ColumnIndex, OffsetIndex};
use crate::metadata::{
    BoundingBox, ColumnChunk, ColumnMetaData, FileMetaData, RowGroup, SizeStatistics, Statistics,
};
use crate::page::{DataPageHeader, DataPageHeaderV2, DictionaryPageHeader, PageHeader, PageType};
use crate::schema::{ConvertedType, DecimalType, IntType, SchemaElement, Type};
use crate::value::Validate;

/// An error unless the rule is kept.
#[inline]
fn rule(kept: bool, field: &str, rule: &'static str) -> Result<(), FormatError> {
    if kept {
        return Ok(());
    }
    Err(FormatError::inconsistent(field, rule))
}

const NOT_NEGATIVE: &str = "must not be negative";

/// Checks that none of a struct's numbers is negative.
macro_rules! not_negative {
    ($this:ident: $($required:ident),*; $($optional:ident),*) => {
        $(rule($this.$required >= 0, stringify!($required), NOT_NEGATIVE)?;)*
        $(rule($this.$optional.is_none_or(|value| value >= 0), stringify!($optional), NOT_NEGATIVE)?;)*
    };
}

impl Validate for SizeStatistics {
    fn validate(&self) -> Result<(), FormatError> {
        not_negative!(self: ; unencoded_byte_array_data_bytes);
        Ok(())
    }
}

impl Validate for BoundingBox {
    fn validate(&self) -> Result<(), FormatError> {
        let both = |min: Option<f64>, max: Option<f64>| min.is_some() == max.is_some();
        rule(
            both(self.zmin, self.zmax),
            "zmin",
            "is there only with zmax",
        )?;
        rule(
            both(self.mmin, self.mmax),
            "mmin",
            "is there only with mmax",
        )
    }
}

impl Validate for Statistics {
    fn validate(&self) -> Result<(), FormatError> {
        not_negative!(self: ; null_count, distinct_count, nan_count);
        Ok(())
    }
}

impl Validate for ColumnMetaData {
    fn validate(&self) -> Result<(), FormatError> {
        rule(
            self.index_page_offset
                .as_ref()
                .is_none_or(|offset| **offset >= 0),
            "index_page_offset",
            NOT_NEGATIVE,
        )?;
        not_negative!(
            self: num_values, total_uncompressed_size, total_compressed_size, data_page_offset;
            dictionary_page_offset, bloom_filter_offset, bloom_filter_length
        );
        rule(
            !self.path_in_schema.is_empty(),
            "path_in_schema",
            "has at least the name of the leaf",
        )?;
        rule(
            self.bloom_filter_length.is_none() || self.bloom_filter_offset.is_some(),
            "bloom_filter_length",
            "is there only with bloom_filter_offset",
        )
    }
}

impl Validate for ColumnChunk {
    fn validate(&self) -> Result<(), FormatError> {
        not_negative!(
            self: ;
            offset_index_offset, offset_index_length, column_index_offset, column_index_length
        );
        rule(
            self.meta_data.is_some() || self.crypto_metadata.is_some(),
            "meta_data",
            "is absent only if the chunk is encrypted",
        )?;
        rule(
            self.offset_index_offset.is_some() == self.offset_index_length.is_some(),
            "offset_index_length",
            "is there only with offset_index_offset",
        )?;
        rule(
            self.column_index_offset.is_some() == self.column_index_length.is_some(),
            "column_index_length",
            "is there only with column_index_offset",
        )
    }
}

impl Validate for RowGroup {
    fn validate(&self) -> Result<(), FormatError> {
        // Ordinals of other writers wrap at 32,768.
        not_negative!(self: total_byte_size, num_rows; file_offset, total_compressed_size);
        for (index, sorting) in self.sorting_columns.iter().flatten().enumerate() {
            let column = usize::try_from(sorting.column_idx);
            rule(
                column.is_ok_and(|column| column < self.columns.len()),
                "column_idx",
                "is the ordinal of a column",
            )
            .map_err(|error| error.in_element(index).in_field("sorting_columns"))?;
        }
        Ok(())
    }
}

impl Validate for FileMetaData {
    fn validate(&self) -> Result<(), FormatError> {
        not_negative!(self: num_rows;);
        let leaves = check_tree(&self.schema).map_err(|error| error.in_field("schema"))?;
        let mut rows = 0_i64;
        for (index, row_group) in self.row_groups.iter().enumerate() {
            rule(
                row_group.columns.len() == leaves,
                "columns",
                "has one chunk for each leaf of the schema",
            )
            .map_err(|error| error.in_element(index).in_field("row_groups"))?;
            rows = rows.saturating_add(row_group.num_rows);
        }
        // Files that have the schema only may state the rows of the others.
        rule(
            self.num_rows == rows || self.row_groups.is_empty(),
            "num_rows",
            "is the sum of the row groups' rows",
        )?;
        rule(
            self.column_orders
                .as_ref()
                .is_none_or(|orders| orders.len() == leaves),
            "column_orders",
            "has one for each leaf of the schema",
        )
    }
}

/// Checks that the elements are one tree, depth first; returns the number of its leaves.
fn check_tree(schema: &[SchemaElement]) -> Result<usize, FormatError> {
    let mut leaves = 0;
    // Elements that must still come.
    let mut missing = 1_u64;
    for (index, element) in schema.iter().enumerate() {
        missing = missing.checked_sub(1).ok_or_else(|| {
            FormatError::inconsistent("", "has more elements than num_children counts")
                .in_element(index)
        })?;
        let children = u64::from(element.num_children.unwrap_or(0).unsigned_abs());
        missing += children;
        // A group without children has a number of them, and no type; so may the root.
        if children == 0 && index > 0 && element.r#type.is_some() {
            leaves += 1;
        }
        rule(
            element.r#type.is_some() || element.num_children.is_some() || index == 0,
            "type",
            "is there for leaves",
        )
        .map_err(|error| error.in_element(index))?;
    }
    rule(
        missing == 0,
        "",
        "has as many elements as num_children counts, and a root",
    )?;
    Ok(leaves)
}

impl Validate for SchemaElement {
    fn validate(&self) -> Result<(), FormatError> {
        not_negative!(self: ; type_length, num_children, scale);
        rule(
            self.num_children.is_none_or(|children| children == 0) || self.r#type.is_none(),
            "type",
            "is absent for groups",
        )?;
        rule(
            self.r#type != Some(Type::FIXED_LEN_BYTE_ARRAY) || self.type_length.is_some(),
            "type_length",
            "is there for FIXED_LEN_BYTE_ARRAY",
        )?;
        rule(
            self.converted_type != Some(ConvertedType::DECIMAL)
                || self.precision.is_some_and(|precision| precision > 0),
            "precision",
            "is there and positive for DECIMAL",
        )
    }
}

impl Validate for DecimalType {
    fn validate(&self) -> Result<(), FormatError> {
        rule(self.precision > 0, "precision", "is positive")?;
        rule(
            (0..=self.precision).contains(&self.scale),
            "scale",
            "is not negative and no greater than the precision",
        )
    }
}

impl Validate for IntType {
    fn validate(&self) -> Result<(), FormatError> {
        rule(
            matches!(self.bit_width, 8 | 16 | 32 | 64),
            "bit_width",
            "is 8, 16, 32 or 64",
        )
    }
}

impl Validate for DataPageHeader {
    fn validate(&self) -> Result<(), FormatError> {
        not_negative!(self: num_values;);
        Ok(())
    }
}

impl Validate for DictionaryPageHeader {
    fn validate(&self) -> Result<(), FormatError> {
        not_negative!(self: num_values;);
        Ok(())
    }
}

impl Validate for DataPageHeaderV2 {
    fn validate(&self) -> Result<(), FormatError> {
        not_negative!(
            self: num_values, num_nulls, num_rows,
            definition_levels_byte_length, repetition_levels_byte_length;
        );
        rule(
            self.num_nulls <= self.num_values,
            "num_nulls",
            "is no greater than num_values",
        )
    }
}

impl Validate for PageHeader {
    fn validate(&self) -> Result<(), FormatError> {
        not_negative!(self: uncompressed_page_size, compressed_page_size;);
        let of = |is_there: bool, page_type, name| {
            rule(
                is_there == (self.r#type == page_type),
                name,
                "is there for pages of this type, and for no others",
            )
        };
        of(
            self.data_page_header.is_some(),
            PageType::DATA_PAGE,
            "data_page_header",
        )?;
        of(
            self.index_page_header.is_some(),
            PageType::INDEX_PAGE,
            "index_page_header",
        )?;
        of(
            self.dictionary_page_header.is_some(),
            PageType::DICTIONARY_PAGE,
            "dictionary_page_header",
        )?;
        of(
            self.data_page_header_v2.is_some(),
            PageType::DATA_PAGE_V2,
            "data_page_header_v2",
        )
    }
}

impl Validate for OffsetIndex {
    fn validate(&self) -> Result<(), FormatError> {
        let pages = self.page_locations.len();
        for (index, location) in self.page_locations.iter().enumerate() {
            let numbers = location.offset >= 0
                && location.compressed_page_size >= 0
                && location.first_row_index >= 0;
            rule(numbers, "", NOT_NEGATIVE)
                .map_err(|error| error.in_element(index).in_field("page_locations"))?;
        }
        one_for_each_page(
            &self.unencoded_byte_array_data_bytes,
            pages,
            "unencoded_byte_array_data_bytes",
        )
    }
}

impl Validate for ColumnIndex {
    fn validate(&self) -> Result<(), FormatError> {
        let pages = self.null_pages.len();
        rule(self.min_values.len() == pages, "min_values", EACH_PAGE)?;
        rule(self.max_values.len() == pages, "max_values", EACH_PAGE)?;
        one_for_each_page(&self.null_counts, pages, "null_counts")?;
        one_for_each_page(&self.nan_counts, pages, "nan_counts")?;
        for (histograms, name) in [
            (
                &self.repetition_level_histograms,
                "repetition_level_histograms",
            ),
            (
                &self.definition_level_histograms,
                "definition_level_histograms",
            ),
        ] {
            let whole = histograms.as_ref().is_none_or(|counts| {
                counts.is_empty() || counts.len().checked_rem(pages) == Some(0)
            });
            rule(whole, name, "has equally many counts for each page")?;
        }
        Ok(())
    }
}

const EACH_PAGE: &str = "has one value for each page";

fn one_for_each_page(
    values: &Option<Vec<i64>>,
    pages: usize,
    name: &str,
) -> Result<(), FormatError> {
    let fits = values
        .as_ref()
        .is_none_or(|values| values.is_empty() || values.len() == pages);
    rule(fits, name, EACH_PAGE)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compact::tests::sample_file;
    use crate::{LogicalType, PageLocation, SortingColumn, ThriftStruct, encode};

    /// The path of what is wrong with a struct, and what it says; nothing may have been written.
    fn fault<T: ThriftStruct>(value: &T) -> String {
        let mut out = vec![1];
        let error = encode(value, &mut out).unwrap_err();
        assert_eq!(out, [1]);
        assert!(matches!(error, FormatError::Inconsistent { .. }), "{error}");
        error.to_string()
    }

    fn changed<T: Clone>(value: &T, change: impl FnOnce(&mut T)) -> T {
        let mut value = value.clone();
        change(&mut value);
        value
    }

    #[test]
    fn faults_in_footers_are_named_with_their_path() {
        type Change = fn(&mut FileMetaData);
        let cases: &[(&str, Change)] = &[
            ("num_rows: is the sum", |file| file.num_rows = 31),
            ("num_rows: must not", |file| file.num_rows = -1),
            ("column_orders: has one", |file| {
                file.column_orders = Some(vec![]);
            }),
            ("row_groups[1].columns: has one", |file| {
                file.row_groups[1].columns.pop();
            }),
            ("row_groups[1].sorting_columns[1].column_idx: is", |file| {
                let by = |column_idx| SortingColumn {
                    column_idx,
                    ..Default::default()
                };
                file.row_groups[1].sorting_columns = Some(vec![by(1), by(2)]);
            }),
            (
                "row_groups[0].columns[1].meta_data: is absent only",
                |file| {
                    file.row_groups[0].columns[1].meta_data = None;
                },
            ),
            ("row_groups[0].columns[0].offset_index_length", |file| {
                file.row_groups[0].columns[0].offset_index_length = None;
            }),
            ("row_groups[0].columns[0].column_index_length", |file| {
                file.row_groups[0].columns[0].column_index_length = Some(1);
            }),
            ("row_groups[1].columns[1].meta_data.num_values", |file| {
                meta_data(file).num_values = -1;
            }),
            (
                "row_groups[1].columns[1].meta_data.path_in_schema",
                |file| {
                    meta_data(file).path_in_schema = Default::default();
                },
            ),
            (
                "row_groups[1].columns[1].meta_data.bloom_filter_length",
                |file| meta_data(file).bloom_filter_length = Some(1),
            ),
            (
                "row_groups[1].columns[1].meta_data.statistics.null_count",
                |file| {
                    meta_data(file).statistics = Some(Statistics {
                        null_count: Some(-3),
                        ..Default::default()
                    });
                },
            ),
            ("schema: has as many", |file| {
                file.schema[0].num_children = Some(3);
            }),
            ("schema[2]: has more", |file| {
                file.schema[0].num_children = Some(1);
            }),
            ("schema[1].type: is there for leaves", |file| {
                file.schema[1].r#type = None;
            }),
            ("schema[1].type_length: is there", |file| {
                file.schema[1].r#type = Some(Type::FIXED_LEN_BYTE_ARRAY);
            }),
            ("schema[2].precision: is there", |file| {
                file.schema[2].converted_type = Some(ConvertedType::DECIMAL);
            }),
            ("schema[2].logical_type.INTEGER.bit_width", |file| {
                file.schema[2].logical_type = Some(LogicalType::Integer(IntType {
                    bit_width: 7,
                    ..Default::default()
                }));
            }),
            ("schema[2].logical_type.DECIMAL.scale", |file| {
                file.schema[2].logical_type = Some(LogicalType::Decimal(DecimalType {
                    scale: 3,
                    precision: 2,
                    ..Default::default()
                }));
            }),
        ];
        for (expected, change) in cases {
            let found = fault(&changed(&sample_file(), change));
            assert!(found.starts_with(expected), "{found}, not {expected}");
        }
    }

    fn meta_data(file: &mut FileMetaData) -> &mut ColumnMetaData {
        file.row_groups[1].columns[1].meta_data.as_mut().unwrap()
    }

    #[test]
    fn what_other_writers_do_is_no_fault() {
        type Change = fn(&mut FileMetaData);
        let cases: &[Change] = &[
            // fastparquet's `_common_metadata`.
            |file| file.row_groups.clear(),
            // Arrow C++ from row group 32,768 on.
            |file| file.row_groups[1].ordinal = Some(i16::MIN),
            // A group without children.
            |file| {
                file.schema[0].num_children = Some(3);
                file.schema.push(SchemaElement {
                    num_children: Some(0),
                    ..Default::default()
                });
            },
        ];
        for change in cases {
            encode(&changed(&sample_file(), change), &mut Vec::new()).unwrap();
        }
    }

    #[test]
    fn faults_in_page_headers_and_indexes_are_named() {
        let header = PageHeader {
            r#type: PageType::DATA_PAGE,
            data_page_header: Some(DataPageHeader::default()),
            ..Default::default()
        };
        assert!(encode(&header, &mut Vec::new()).is_ok());
        let other = changed(&header, |header| header.r#type = PageType::DATA_PAGE_V2);
        assert!(fault(&other).starts_with("data_page_header: is there for"));
        let negative = changed(&header, |header| header.compressed_page_size = -1);
        assert!(fault(&negative).starts_with("compressed_page_size: must not"));
        let nulls = DataPageHeaderV2 {
            num_nulls: 1,
            ..Default::default()
        };
        assert!(fault(&nulls).starts_with("num_nulls: is no greater"));

        let index = ColumnIndex {
            null_pages: vec![false; 2],
            min_values: vec![Default::default(); 2],
            max_values: vec![Default::default(); 2],
            definition_level_histograms: Some(vec![0; 4]),
            ..Default::default()
        };
        assert!(encode(&index, &mut Vec::new()).is_ok());
        let fewer = changed(&index, |index| {
            index.max_values.pop();
        });
        assert!(fault(&fewer).starts_with("max_values: has one"));
        let uneven = changed(&index, |index| {
            index.definition_level_histograms = Some(vec![0; 5]);
        });
        assert!(fault(&uneven).starts_with("definition_level_histograms: has"));
        let nulls = changed(&index, |index| index.null_counts = Some(vec![0]));
        assert!(fault(&nulls).starts_with("null_counts: has one"));

        let offsets = OffsetIndex {
            page_locations: vec![PageLocation {
                first_row_index: -1,
                ..Default::default()
            }],
            ..Default::default()
        };
        assert!(fault(&offsets).starts_with("page_locations[0]: must not"));
        let flat = BoundingBox {
            zmin: Some(0.0),
            ..Default::default()
        };
        assert!(fault(&flat).starts_with("zmin: is there only"));
    }
}
