"""Rows in the published shape of San Francisco's calls for service; their values are invented."""

TITLED = """\
Call Number,Unit ID,Incident Number,Call Type,Call Date,Watch Date,Received DtTm,Entry DtTm,\
Dispatch DtTm,Response DtTm,On Scene DtTm,Transport DtTm,Hospital DtTm,Call Final Disposition,\
Available DtTm,Address,City,Zipcode of Incident,Battalion,Station Area,Box,Original Priority,\
Priority,Final Priority,ALS Unit,Call Type Group,Number of Alarms,Unit Type,\
Unit sequence in call dispatch,Fire Prevention District,Supervisor District,\
Neighborhooods - Analysis Boundaries,RowID,case_location
200313789,64,20013888,Medical Incident,01/31/2020,01/31/2020,01/31/2020 11:55:10 PM,\
01/31/2020 11:57:00 PM,01/31/2020 11:58:04 PM,01/31/2020 11:58:40 PM,02/01/2020 12:04:12 AM,\
02/01/2020 12:21:30 AM,02/01/2020 12:33:05 AM,Code 2 Transport,02/01/2020 01:02:44 AM,\
ELLIS ST/TAYLOR ST,San Francisco,94102,B03,03,1461,2,3,3,true,\
Potentially Life-Threatening,1,MEDIC,1,3,6,Tenderloin,200313789-64,POINT (-122.4112 37.7838)
200313789,E03,20013888,Medical Incident,01/31/2020,01/31/2020,01/31/2020 11:55:10 PM,\
01/31/2020 11:57:20 PM,01/31/2020 11:58:04 PM,01/31/2020 11:59:01 PM,,,,Code 2 Transport,\
02/01/2020 12:02:10 AM,ELLIS ST/TAYLOR ST,San Francisco,94102,B03,03,1461,2,3,3,true,\
Potentially Life-Threatening,1,ENGINE,2,3,6,Tenderloin,200313789-E03,POINT (-122.4112 37.7838)
"""

PUBLISHED = """\
call_number,unit_id,call_type,received_dttm,entry_dttm,dispatch_dttm,response_dttm,on_scene_dttm,\
transport_dttm,hospital_dttm,available_dttm,address,priority,final_priority,number_of_alarms,\
unit_type,case_location
200313789,64,Medical Incident,2020-01-31T23:55:10.000,2020-01-31T23:57:00.000,\
2020-01-31T23:58:04.000,2020-01-31T23:58:40.000,2020-02-01T00:04:12.000,2020-02-01T00:21:30.000,\
2020-02-01T00:33:05.000,2020-02-01T01:02:44.000,ELLIS ST/TAYLOR ST,3,3,1,MEDIC,\
POINT (-122.4112 37.7838)
"""
