//! The frame around repetition and definition levels in a v1 data page, and around booleans in
//! RLE: four bytes of length, then the hybrid. Data pages v2 have no such frame.

use crate::error::EncodeError;
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

#[cfg(test)]
mod tests {
    use super::v1_frame;
    use crate::error::EncodeError;
    use std::vec;

    #[test]
    fn an_error_leaves_nothing_behind() {
        let error = EncodeError::Width {
            width: 33,
            most: 32,
        };
        let mut out = vec![1, 2];
        let result = v1_frame(&mut out, |out| {
            out.push(9);
            Err(error)
        });
        assert_eq!((result, out), (Err(error), vec![1, 2]));
    }
}
