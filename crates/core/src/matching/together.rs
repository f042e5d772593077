//! One payment for several receivables at once: which of those that its text names make its amount exactly. A proposal for
//! a person wherever the matcher itself was not certain (receivables of several debtors of one group, money taken back).

/// More named amounts than these are not tried out.
const MOST: usize = 12;

/// Of these open amounts (minor units, one currency) the ones that make `left` together: all of them, or the only choice
/// of two or more that does. Indexes in their order.
pub fn exact(amounts: &[i64], left: i64) -> Option<Vec<usize>> {
    let sum: i128 = amounts.iter().copied().map(i128::from).sum();
    if amounts.len() >= 2 && sum == i128::from(left) {
        return Some((0..amounts.len()).collect());
    }
    if amounts.len() > MOST {
        return None;
    }
    let mut answer = None;
    for set in 1_u32..(1 << amounts.len()) {
        if set.count_ones() < 2 {
            continue;
        }
        let chosen: Vec<usize> = (0..amounts.len()).filter(|index| set & (1 << index) != 0).collect();
        let sum: i128 = chosen.iter().map(|&index| i128::from(amounts[index])).sum();
        if sum == i128::from(left) {
            if answer.is_some() {
                // Two ways to make it: nothing speaks for one of them.
                return None;
            }
            answer = Some(chosen);
        }
    }
    answer
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_only_way_to_make_the_amount() {
        assert_eq!(exact(&[100, 200, 300], 600), Some(vec![0, 1, 2]));
        assert_eq!(exact(&[100, 200, 450], 650), Some(vec![1, 2]));
        assert_eq!(exact(&[100, 200, 300, 400], 500), None, "in two ways");
        assert_eq!(exact(&[100, 200], 250), None);
        assert_eq!(exact(&[100], 100), None, "that is no joint payment");
        assert_eq!(exact(&[], 0), None);
        assert_eq!(exact(&[1; 40], 3), None);
        assert_eq!(exact(&[1; 40], 40), Some((0..40).collect()));
    }
}
