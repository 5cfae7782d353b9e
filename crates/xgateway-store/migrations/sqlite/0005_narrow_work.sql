-- Of PostgreSQL. Here a narrow table beside the inbox would make storing dearer than it makes claiming and ending cheaper.
SELECT 1;
