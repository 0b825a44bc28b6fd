use crate::{leaf::LeafChunk, options::SortingColumn, schema::Leaf};
pub(crate) fn first_unsorted_row(
    _chunks: &[(&Leaf, &LeafChunk<'_>, &SortingColumn)],
) -> Option<usize> {
    None
}
