//! How much of a payment settles how much of a receivable. In one currency the two are the same amount; across
//! currencies a person says both, and the rate follows from them.
//!
//! No rate is looked up or guessed: what a payment in another currency settles is agreed between buyer and seller, and
//! the bank's rate of the day is neither's. [`super::ledger`] checks each line once more when it is appended.

use super::ledger::LedgerRefusal;
use crate::money::{Decimal, Money, MoneyError};

/// Part of a payment, in its currency, and what it settles, in the receivable's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Share {
    pub uses: Money,
    pub settles: Money,
}

/// What a person said of a share; `None` is what they left to us.
#[derive(Debug, Clone, Copy, Default)]
pub struct Asked {
    /// How much of the payment.
    pub uses: Option<Money>,
    /// How much of the receivable.
    pub settles: Option<Money>,
}

impl Share {
    /// In one currency.
    pub const fn same(amount: Money) -> Self {
        Self { uses: amount, settles: amount }
    }

    pub fn crosses_currencies(self) -> bool {
        self.uses.currency != self.settles.currency
    }

    /// Receivable currency per unit of payment currency: the quotient of the two amounts with all the digits that a
    /// decimal holds, so that rate times payment gives the settled amount back to the last cent. Exactly one in one
    /// currency.
    pub fn rate(self) -> Result<Decimal, LedgerRefusal> {
        if !self.crosses_currencies() {
            let Self { uses, settles } = self;
            return if uses == settles { Ok(Decimal::ONE) } else { Err(LedgerRefusal::TwoAmounts { uses, settles }) };
        }
        let rate = self.settles.to_decimal().checked_div(self.uses.to_decimal());
        Ok(rate.ok_or(MoneyError::Overflow)?.normalize())
    }

    /// The share that a person means, of a payment with `left` and a receivable with `open`. In one currency, what is
    /// not said is as much as fits; across currencies what it settles must be said.
    pub fn asked(number: &str, left: Money, open: Money, asked: Asked) -> Result<Self, LedgerRefusal> {
        let share = if left.currency == open.currency {
            let fits = if left.minor <= open.minor { left } else { open };
            let uses = asked.uses.or(asked.settles).unwrap_or(fits);
            Self { uses, settles: asked.settles.unwrap_or(uses) }
        } else {
            let settles = asked.settles.ok_or_else(|| LedgerRefusal::SettlesUnknown {
                number: number.to_string(),
                pays: left.currency.code(),
                owes: open.currency.code(),
                open,
            })?;
            Self { uses: asked.uses.unwrap_or(left), settles }
        };
        let Self { uses, settles } = share;
        if settles.currency != open.currency {
            return Err(LedgerRefusal::WrongCurrency(settles.currency.code(), open.currency.code()));
        }
        if uses.currency != left.currency {
            return Err(MoneyError::Mixed(uses.currency.code(), left.currency.code()).into());
        }
        for amount in [settles, uses] {
            if amount.minor <= 0 {
                return Err(LedgerRefusal::NotPositive(amount));
            }
        }
        if settles.minor > open.minor {
            return Err(LedgerRefusal::MoreThanOutstanding { number: number.to_string(), asked: settles, open });
        }
        if uses.minor > left.minor {
            return Err(LedgerRefusal::MoreThanPayment { asked: uses, left });
        }
        // Two different amounts in one currency are found out here.
        share.rate()?;
        Ok(share)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::money::Currency;

    fn eur(text: &str) -> Money {
        Money::parse(text, Currency::EUR).expect("an amount")
    }

    fn usd(text: &str) -> Money {
        Money::parse(text, Currency::USD).expect("an amount")
    }

    fn asked(uses: Option<Money>, settles: Option<Money>) -> Asked {
        Asked { uses, settles }
    }

    #[test]
    fn the_rate_gives_the_settled_amount_back() {
        let rate = |uses, settles| Share { uses, settles }.rate().expect("a rate").to_string();
        assert_eq!(rate(eur("10000.00"), usd("11000.00")), "1.1");
        assert_eq!(rate(eur("11000.00"), usd("12000.00")), "1.0909090909090909090909090909");
        assert_eq!(rate(Money::new(150, Currency::JPY), usd("1.00")), "0.0066666666666666666666666667");
        assert_eq!(rate(usd("1.00"), Money::new(307, Currency::KWD)), "0.307", "three decimals");
        assert_eq!(rate(usd("5.00"), usd("5.00")), "1");
        let largest = Money::new(i64::MAX, Currency::JPY);
        assert!(Share { uses: largest, settles: Money::new(1, Currency::KWD) }.rate().expect("a rate") > Decimal::ZERO);
        assert!(Share { uses: Money::new(1, Currency::KWD), settles: largest }.rate().is_ok());
        assert!(Share { uses: eur("0"), settles: usd("1.00") }.rate().is_err());
    }

    #[test]
    fn in_one_currency_as_much_as_fits_or_what_was_said() {
        let (left, open) = (usd("600.00"), usd("500.00"));
        let share = |uses, settles| Share::asked("R-0002", left, open, asked(uses, settles));
        assert_eq!(share(None, None), Ok(Share::same(open)));
        assert_eq!(share(Some(usd("200.00")), None), Ok(Share::same(usd("200.00"))));
        assert_eq!(share(None, Some(usd("200.00"))), Ok(Share::same(usd("200.00"))));
        assert_eq!(share(Some(usd("200.00")), Some(usd("200.00"))), Ok(Share::same(usd("200.00"))));
        let (uses, settles) = (usd("200.00"), usd("190.00"));
        assert_eq!(share(Some(uses), Some(settles)), Err(LedgerRefusal::TwoAmounts { uses, settles }));
        assert!(share(Some(usd("500.01")), None).is_err());
    }

    #[test]
    fn across_currencies_what_it_settles_must_be_said() {
        let (left, open) = (eur("11000.00"), usd("12000.00"));
        let share = |uses, settles| Share::asked("R-0002", left, open, asked(uses, settles));
        let refused = share(None, None).expect_err("nothing was said").to_string();
        assert!(refused.contains("EUR") && refused.contains("--settles 12000.00"), "{refused}");
        assert_eq!(share(None, Some(open)), Ok(Share { uses: left, settles: open }));
        let part = Share { uses: eur("5500.00"), settles: usd("6000.00") };
        assert_eq!(share(Some(part.uses), Some(part.settles)), Ok(part));
        for (uses, settles, says) in [
            (None, usd("0"), "above zero"),
            (None, usd("-1.00"), "above zero"),
            (None, usd("12000.01"), "more than the USD 12000.00 still outstanding on R-0002"),
            (None, eur("11000.00"), "the line is in EUR, the receivable in USD"),
            (Some(eur("0")), usd("1.00"), "above zero"),
            (Some(eur("11000.01")), usd("1.00"), "more than the EUR 11000.00 left of the payment"),
            (Some(usd("1.00")), usd("1.00"), "different currencies"),
        ] {
            let refused = share(uses, Some(settles)).expect_err(says).to_string();
            assert!(refused.contains(says), "{refused}");
        }
    }
}
