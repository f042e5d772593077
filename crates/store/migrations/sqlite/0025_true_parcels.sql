-- Parcels whose number was corrected: when the marketplace first named one, when it stopped holding, and which one took its place.
ALTER TABLE shipment ADD COLUMN named_at BIGINT;
ALTER TABLE shipment ADD COLUMN withdrawn_at BIGINT;
-- The parcel whose number this one corrects.
ALTER TABLE shipment ADD COLUMN replaces TEXT;

-- When a carrier said that it was delivered, and where: how long own parcels take is read from here.
ALTER TABLE shipment ADD COLUMN arrived_at BIGINT;
ALTER TABLE shipment ADD COLUMN arrived_in TEXT;
CREATE INDEX shipment_arrived ON shipment (tenant_id, carrier, arrived_in, arrived_at) WHERE arrived_at IS NOT NULL;

-- The country alone says nothing of a person, and expected days are looked up by it. Empty: as the buyer's.
ALTER TABLE order_delivery ADD COLUMN country TEXT NOT NULL DEFAULT '';
