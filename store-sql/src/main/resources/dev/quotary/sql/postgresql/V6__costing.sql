-- costing: how the cost came about, as words, where that does not go without saying; null in nearly all rows.
ALTER TABLE usage_event ADD COLUMN costing TEXT;
