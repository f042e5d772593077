//! Orders' own pages: what the list does not say, asked for with an order that changed, and once more where it was not answered.

use dunlin_channels::aliexpress::ApiError;
use dunlin_channels::aliexpress::order_detail::OrderDetail;
use dunlin_channels::aliexpress::orders::RemoteOrder;
use dunlin_channels::aliexpress::status::Standing as Remote;

use super::reread_orders::read_page_again;
use crate::house::House;
use crate::shop::{ALIEXPRESS, Shop};

/// An order's own page.
pub(super) enum Page {
    NotAsked,
    Read(Box<OrderDetail>),
    /// Not now: it is asked for again after the next reading.
    Owed,
    /// No other page will be answered either.
    Stopped(ApiError),
}

/// What the list does not say: where the buyer of an order that waits for payment lives, where a paid one goes, under which
/// numbers one that was shipped travels.
pub(super) async fn page_of(shop: &Shop, order: &RemoteOrder, is_new: bool) -> Page {
    if !wants_detail(order, is_new) {
        return Page::NotAsked;
    }
    match shop.session.order_detail(order.id, &shop.pacific).await {
        Ok(detail) if detail.id == order.id => Page::Read(Box::new(detail)),
        Ok(_) => Page::Owed,
        Err(error @ (ApiError::NeedsPerson { .. } | ApiError::TokenRefused { .. })) => Page::Stopped(error),
        Err(error) => {
            tracing::info!(%error, "an order's own page could not be read now");
            Page::Owed
        }
    }
}

/// Pages that are asked for again after one reading.
const MOST_OWED: i64 = 100;

/// Asks once more for the pages that were not answered: without them nobody knows where an order goes and under which numbers
/// it travels, and the list does not tell of it again.
pub(super) async fn ask_for_pages_owed(house: &House, shop: &Shop) -> anyhow::Result<()> {
    let (store, tenant) = (&house.store, house.tenant.id);
    for row in store.orders_owing_pages(tenant, ALIEXPRESS, MOST_OWED).await? {
        let asked_at = house.now();
        let read = read_page_again(house, shop, &row).await?;
        store.note_page_asked(tenant, ALIEXPRESS, &row.number, asked_at).await?;
        if let Err(error) = read {
            tracing::info!("the page of order {} could not be read yet: {error}", row.number);
            if matches!(error, ApiError::NeedsPerson { .. } | ApiError::TokenRefused { .. }) {
                // No other page will be answered either.
                break;
            }
        }
    }
    Ok(())
}

/// Whether the list leaves out what is needed of an order that stands so.
pub(super) fn wants_detail(order: &RemoteOrder, is_new: bool) -> bool {
    match order.standing() {
        Remote::AwaitingPayment => is_new,
        Remote::RiskCheck | Remote::AwaitingShipment { .. } | Remote::AwaitingReceipt => true,
        _ => false,
    }
}
