//! Where the shapes of a column chunk are, and of which types they are; Geospatial.md.

mod wkb;

use crate::schema::{DataType, Leaf};
use pq_format::{BoundingBox, GeospatialStatistics};
use wkb::Sink;

/// What is known of shapes while they come in.
#[derive(Debug, Clone)]
pub(super) struct Shapes {
    is_geography: bool,
    /// The types so far: bit `8 · dimensions + type`.
    types: u32,
    coordinates: Coordinates,
    /// One was not well-known binary, so nothing is known of them all.
    is_unknown: bool,
}

#[derive(Debug, Clone)]
struct Coordinates {
    /// Of x, y, z and m; the lower above the upper as long as there are none.
    bounds: [(f64, f64); 4],
    /// Whether points are joined by edges.
    has_edges: bool,
}

impl Shapes {
    /// `None` if the values of the leaf are no shapes.
    pub(super) fn of(leaf: &Leaf) -> Option<Self> {
        let is_geography = match leaf.data_type {
            DataType::Geometry { .. } => false,
            DataType::Geography { .. } => true,
            _ => return None,
        };
        Some(Self {
            is_geography,
            types: 0,
            coordinates: Coordinates {
                bounds: [(f64::INFINITY, f64::NEG_INFINITY); 4],
                has_edges: false,
            },
            is_unknown: false,
        })
    }

    /// Adds a shape, as well-known binary.
    pub(super) fn take(&mut self, shape: &[u8]) {
        if self.is_unknown {
            return;
        }
        match wkb::read(shape, &mut self.coordinates) {
            Some(kind) => self.types |= 1 << (8 * kind.dimensions + kind.shape),
            None => self.is_unknown = true,
        }
    }

    /// Adds what is known of other shapes.
    pub(super) fn append(&mut self, other: &Self) {
        self.types |= other.types;
        self.is_unknown |= other.is_unknown;
        let coordinates = &mut self.coordinates;
        for (axis, &(min, max)) in other.coordinates.bounds.iter().enumerate() {
            coordinates.coordinate(axis, min);
            coordinates.coordinate(axis, max);
        }
        coordinates.has_edges |= other.coordinates.has_edges;
    }

    /// The statistics of all shapes; `None` if there are none or one could not be read.
    pub(super) fn finish(self) -> Option<GeospatialStatistics> {
        if self.is_unknown || self.types == 0 {
            return None;
        }
        let codes = (0..32)
            .filter(|bit| self.types & 1 << bit != 0)
            .map(|bit: i32| bit / 8 * 1000 + bit % 8)
            .collect();
        Some(GeospatialStatistics {
            bbox: self.bounding_box(),
            geospatial_types: Some(codes),
            ..GeospatialStatistics::default()
        })
    }

    fn bounding_box(&self) -> Option<BoundingBox> {
        let [x, y, z, m] = self
            .coordinates
            .bounds
            .map(|(min, max)| (min <= max).then_some((min, max)));
        let ((xmin, xmax), (ymin, ymax)) = (x?, y?);
        if self.is_geography {
            // Edges leave the box of their ends, towards the poles and across the antimeridian,
            // and the box of a GEOGRAPHY is within the globe.
            let is_on_globe = xmin >= -180.0 && xmax <= 180.0 && ymin >= -90.0 && ymax <= 90.0;
            if self.coordinates.has_edges || !is_on_globe {
                return None;
            }
        }
        Some(BoundingBox {
            xmin,
            xmax,
            ymin,
            ymax,
            zmin: z.map(|(min, _)| min),
            zmax: z.map(|(_, max)| max),
            mmin: m.map(|(min, _)| min),
            mmax: m.map(|(_, max)| max),
            ..BoundingBox::default()
        })
    }
}

impl Sink for Coordinates {
    #[inline]
    fn coordinate(&mut self, axis: usize, value: f64) {
        // Comparisons with NaN are false.
        if let Some((min, max)) = self.bounds.get_mut(axis) {
            *min = if value < *min { value } else { *min };
            *max = if value > *max { value } else { *max };
        }
    }

    fn edges(&mut self) {
        self.has_edges = true;
    }
}

#[cfg(test)]
mod tests;
