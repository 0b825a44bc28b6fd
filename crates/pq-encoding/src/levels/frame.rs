//! The frame around levels in a data page v1, and around booleans in RLE: four bytes of length.

use crate::error::{DecodeError, EncodeError};
use crate::output::Output;

/// Appends what `encode` appends, behind its length as a little-endian `u32`.
///
/// # Errors
///
/// Those of `encode`, or 4 GiB and more. `out` is as it was then.
///
/// ```
/// use pq_encoding::{levels, rle};
///
/// let mut page = Vec::new();
/// levels::v1_frame(&mut page, |page| rle::encode_run(1, 100, 1, page))?;
/// assert_eq!(page, [3, 0, 0, 0, 0xc8, 0x01, 1]);
/// # Ok::<(), pq_encoding::EncodeError>(())
/// ```
pub fn v1_frame<O: Output>(
    out: &mut O,
    encode: impl FnOnce(&mut O) -> Result<(), EncodeError>,
) -> Result<(), EncodeError> {
    let start = out.written().len();
    let framed = out.put(&[0; 4]).and_then(|()| encode(out)).and_then(|()| {
        let len = out.written().len().saturating_sub(start + 4);
        u32::try_from(len).map_err(|_| EncodeError::TooLong {
            len,
            most: u32::MAX as usize,
        })
    });
    match framed {
        Ok(len) => {
            if let Some(frame) = out.written().get_mut(start..start + 4) {
                frame.copy_from_slice(&len.to_le_bytes());
            }
            Ok(())
        }
        Err(error) => {
            out.truncate(start);
            Err(error)
        }
    }
}

/// What is behind a length of four bytes, and as long as that states; behind it in turn goes on
/// what the page holds next.
///
/// # Errors
///
/// Too short an input.
///
/// ```
/// use pq_encoding::levels;
///
/// let page = [3, 0, 0, 0, 0xc8, 0x01, 1, 9, 9];
/// let runs = levels::v1_unframe(&page)?;
/// assert_eq!((runs, &page[4 + runs.len()..]), (&[0xc8, 0x01, 1][..], &[9, 9][..]));
/// # Ok::<(), pq_encoding::DecodeError>(())
/// ```
pub fn v1_unframe(input: &[u8]) -> Result<&[u8], DecodeError> {
    input
        .split_first_chunk()
        .and_then(|(len, rest)| rest.get(..usize::try_from(u32::from_le_bytes(*len)).ok()?))
        .ok_or(DecodeError::UnexpectedEnd {
            offset: input.len(),
        })
}
