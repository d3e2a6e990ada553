//! Functions of plain numbers: they see one asset on one day.

pub(super) mod abs;
pub(super) mod clip;
pub(super) mod exp;
pub(super) mod fill;
pub(super) mod r#if;
pub(super) mod log;
pub(super) mod max;
pub(super) mod min;
pub(super) mod sign;
pub(super) mod sqrt;

#[cfg(test)]
pub(in crate::formula) mod testing {
    //! Holds a function of numbers against values worked out by hand.

    use crate::formula::kernel::numbers::Input;
    use crate::formula::operator::{Compute, Operator};
    pub(crate) use crate::formula::testing::NAN;
    use crate::formula::testing::bits;

    /// Checks the values for columns of operands: one by one, in columns, and with each operand in turn a plain number.
    pub(crate) fn check(operator: &Operator, columns: &[&[f64]], expected: &[f64]) {
        let Compute::Numbers(numbers) = operator.compute else {
            panic!("{} is no function of numbers", operator.name)
        };
        let one_by_one: Vec<f64> = (0..expected.len())
            .map(|row| (numbers.value)(&mut columns.iter().map(|column| column[row])))
            .collect();
        assert_eq!(bits(&one_by_one), bits(expected), "{} one by one", operator.name);
        // Longer than any step of a loop over rows.
        let long: Vec<Vec<f64>> = columns.iter().map(|column| column.repeat(50)).collect();
        let mut out = vec![7.0; expected.len() * 50];
        let inputs: Vec<Input> = long.iter().map(|column| Input::Column(column)).collect();
        (numbers.columns)(&inputs, &mut out);
        assert_eq!(bits(&out), bits(&expected.repeat(50)), "{} in columns", operator.name);
        for (operand, row) in
            (0..columns.len()).flat_map(|operand| (0..expected.len()).map(move |row| (operand, row)))
        {
            let mut inputs = inputs.clone();
            inputs[operand] = Input::Number(columns[operand][row]);
            (numbers.columns)(&inputs, &mut out);
            assert_eq!(bits(&out[row..=row]), bits(&expected[row..=row]), "{} of a number", operator.name);
        }
    }
}
