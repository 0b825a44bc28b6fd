//! Well-known binary: ISO's codes, and the flags of EWKB, which state the same.

/// Takes what is read, in order.
pub(super) trait Sink {
    /// A coordinate, NaN too; x is axis 0, y 1, z 2 and m 3.
    fn coordinate(&mut self, axis: usize, value: f64);
    /// The points that follow are joined by edges.
    fn edges(&mut self);
}

/// The type of a shape.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Kind {
    /// 0 x and y, 1 z too, 2 m too, 3 both: thousands of the code.
    pub(super) dimensions: u32,
    /// 1 to 7: the rest of the code.
    pub(super) shape: u32,
}

const POINT: u32 = 1;
const LINE_STRING: u32 = 2;
const POLYGON: u32 = 3;
const MULTI_POINT: u32 = 4;
const COLLECTION: u32 = 7;

/// Collections may be this deep in each other.
const DEEPEST: usize = 32;

/// Reads one shape, which takes all of `bytes`. `None` if that is not what they are.
pub(super) fn read(bytes: &[u8], sink: &mut impl Sink) -> Option<Kind> {
    let mut reader = Reader {
        bytes,
        is_little_endian: true,
    };
    let kind = reader.shape(DEEPEST, sink)?;
    reader.bytes.is_empty().then_some(kind)
}

struct Reader<'a> {
    bytes: &'a [u8],
    /// The byte order of the shape that is being read.
    is_little_endian: bool,
}

impl Reader<'_> {
    fn shape(&mut self, depth: usize, sink: &mut impl Sink) -> Option<Kind> {
        self.is_little_endian = match self.take::<1>()? {
            [0] => false,
            [1] => true,
            _ => return None,
        };
        let code = self.u32()?;
        let kind = kind_of(code)?;
        if code & HAS_REFERENCE_SYSTEM != 0 {
            self.u32()?;
        }
        let axes: &[usize] = match kind.dimensions {
            0 => &[0, 1],
            1 => &[0, 1, 2],
            2 => &[0, 1, 3],
            _ => &[0, 1, 2, 3],
        };
        match kind.shape {
            POINT => self.points(1, axes, sink)?,
            LINE_STRING => {
                sink.edges();
                let count = self.u32()?;
                self.points(count, axes, sink)?;
            }
            POLYGON => {
                sink.edges();
                for _ in 0..self.u32()? {
                    let count = self.u32()?;
                    self.points(count, axes, sink)?;
                }
            }
            multiple => {
                let depth = depth.checked_sub(1)?;
                for _ in 0..self.u32()? {
                    let part = self.shape(depth, sink)?;
                    if multiple != COLLECTION && part.shape != multiple - MULTI_POINT + POINT {
                        return None;
                    }
                }
            }
        }
        Some(kind)
    }

    fn points(&mut self, count: u32, axes: &[usize], sink: &mut impl Sink) -> Option<()> {
        let width = axes.len() * 8;
        let len = usize::try_from(count).ok()?.checked_mul(width)?;
        let (points, rest) = self.bytes.split_at_checked(len)?;
        self.bytes = rest;
        for point in points.chunks_exact(width) {
            for (&axis, bytes) in axes.iter().zip(point.as_chunks::<8>().0) {
                sink.coordinate(
                    axis,
                    match self.is_little_endian {
                        true => f64::from_le_bytes(*bytes),
                        false => f64::from_be_bytes(*bytes),
                    },
                );
            }
        }
        Some(())
    }

    fn u32(&mut self) -> Option<u32> {
        let bytes = self.take::<4>()?;
        Some(match self.is_little_endian {
            true => u32::from_le_bytes(bytes),
            false => u32::from_be_bytes(bytes),
        })
    }

    fn take<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (taken, rest) = self.bytes.split_first_chunk()?;
        self.bytes = rest;
        Some(*taken)
    }
}

/// EWKB: there are z, m, and the number of a reference system behind the code.
const HAS_Z: u32 = 1 << 31;
const HAS_M: u32 = 1 << 30;
const HAS_REFERENCE_SYSTEM: u32 = 1 << 29;

fn kind_of(code: u32) -> Option<Kind> {
    let plain = code & !(HAS_Z | HAS_M | HAS_REFERENCE_SYSTEM);
    let flags = u32::from(code & HAS_Z != 0) | u32::from(code & HAS_M != 0) << 1;
    let (dimensions, shape) = (plain / 1000, plain % 1000);
    let is_known = dimensions <= 3 && (POINT..=COLLECTION).contains(&shape);
    is_known.then_some(Kind {
        dimensions: dimensions | flags,
        shape,
    })
}
