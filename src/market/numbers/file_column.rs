//! A column of numbers from files over the days of a market.

/// For each day of a market the number of each asset that is known at its close, or, if they are dates known in advance, the
/// number of sessions to the next. NaN where there is none.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct FileColumn {
    /// One value a day: a series for all assets, or a series of absent values and one for each asset with a row.
    series: Vec<Vec<f64>>,
    /// For each asset the index of its series; `None` if all assets have the same.
    series_of: Option<Vec<u32>>,
    /// Whether the value of a day is known at its open already.
    is_known_at_open: bool,
}

impl FileColumn {
    /// The column with the same values for all assets.
    pub(crate) fn shared(values: Vec<f64>, is_known_at_open: bool) -> FileColumn {
        FileColumn { series: vec![values], series_of: None, is_known_at_open }
    }

    /// The column over this number of days with values of their own for each asset; `None` for an asset without any.
    pub(crate) fn by_asset(values: Vec<Option<Vec<f64>>>, days: usize, is_known_at_open: bool) -> FileColumn {
        let mut series = vec![vec![f64::NAN; days]];
        let mut index = |values: Option<Vec<f64>>| {
            let Some(values) = values else { return 0 };
            series.push(values);
            series.len() as u32 - 1
        };
        let series_of = values.into_iter().map(&mut index).collect();
        FileColumn { series, series_of: Some(series_of), is_known_at_open }
    }

    /// The values of the asset with this index, one a day. Empty if the column was not read.
    pub(crate) fn values(&self, asset: usize) -> &[f64] {
        let index = self.series_of.as_ref().map_or(0, |series_of| series_of[asset] as usize);
        self.series.get(index).map_or(&[], Vec::as_slice)
    }

    /// The column over days in another order: `order` has for each place the day that stands there.
    pub(crate) fn in_order(&self, order: &[usize]) -> FileColumn {
        let moved = |values: &Vec<f64>| order.iter().map(|day| values[*day]).collect();
        let series = self.series.iter().map(moved).collect();
        FileColumn { series, series_of: self.series_of.clone(), is_known_at_open: self.is_known_at_open }
    }

    /// Whether the value of a day is known at its open already, as that of dates known in advance is.
    pub(crate) fn is_known_at_open(&self) -> bool {
        self.is_known_at_open
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn assets_have_their_own_values_or_all_the_same() {
        let column = FileColumn::shared(vec![1.0, 2.0], true);
        assert_eq!([0, 7].map(|asset| column.values(asset)), [[1.0, 2.0]; 2]);
        assert!(column.is_known_at_open());
        assert_eq!(column.in_order(&[1, 0]), FileColumn::shared(vec![2.0, 1.0], true));
        let column = FileColumn::by_asset(vec![Some(vec![1.0, 2.0]), None, Some(vec![3.0, 4.0])], 2, false);
        assert_eq!([0, 2].map(|asset| column.values(asset)), [[1.0, 2.0], [3.0, 4.0]]);
        assert!(column.values(1).len() == 2 && column.values(1).iter().all(|value| value.is_nan()));
        assert!(!column.is_known_at_open());
        assert!(FileColumn::default().values(0).is_empty());
    }
}
