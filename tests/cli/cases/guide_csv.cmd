guide --format csv
