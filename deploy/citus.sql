-- Detour's tables on a Citus cluster: run once by a superuser on the coordinator, after `npm run migrate` and while no
-- process runs. docs/operations.md#beyond-one-postgresql says what this gives and what it does not; nobody has run it yet.
create extension if not exists citus;

-- Few rows, the same for everybody who starts.
select create_reference_table('schema_migration');

-- Everything else belongs to one company and lies with the rest of it: all keys start with `tenant`, and tables that share
-- the distribution of `contact` keep one company's rows on one worker, so that joins and transactions stay there.
select create_distributed_table('contact', 'tenant');
select create_distributed_table('event', 'tenant', colocate_with => 'contact');
select create_distributed_table('identity', 'tenant', colocate_with => 'contact');
select create_distributed_table('consent', 'tenant', colocate_with => 'contact');
select create_distributed_table('queue', 'tenant', colocate_with => 'contact');
select create_distributed_table('hotline', 'tenant', colocate_with => 'contact');
select create_distributed_table('peak_mode', 'tenant', colocate_with => 'contact');
select create_distributed_table('call', 'tenant', colocate_with => 'contact');
select create_distributed_table('callback', 'tenant', colocate_with => 'contact');
select create_distributed_table('deflection', 'tenant', colocate_with => 'contact');
select create_distributed_table('offer_answer', 'tenant', colocate_with => 'contact');
select create_distributed_table('reach', 'tenant', colocate_with => 'contact');
select create_distributed_table('conversation', 'tenant', colocate_with => 'contact');
select create_distributed_table('message', 'tenant', colocate_with => 'contact');
select create_distributed_table('inbox', 'tenant', colocate_with => 'contact');
select create_distributed_table('rating', 'tenant', colocate_with => 'contact');
select create_distributed_table('template', 'tenant', colocate_with => 'contact');
select create_distributed_table('intent', 'tenant', colocate_with => 'contact');
select create_distributed_table('operator', 'tenant', colocate_with => 'contact');
select create_distributed_table('session', 'tenant', colocate_with => 'contact');
select create_distributed_table('presence', 'tenant', colocate_with => 'contact');
select create_distributed_table('alarm', 'tenant', colocate_with => 'contact');
select create_distributed_table('node', 'tenant', colocate_with => 'contact');
select create_distributed_table('send_pace', 'tenant', colocate_with => 'contact');
select create_distributed_table('brand', 'tenant', colocate_with => 'contact');
select create_distributed_table('connection', 'tenant', colocate_with => 'contact');
select create_distributed_table('due_conversation', 'tenant', colocate_with => 'contact');
select create_distributed_table('media', 'tenant', colocate_with => 'contact');
select create_distributed_table('media_file', 'tenant', colocate_with => 'contact');
select create_distributed_table('whatsapp_web_line', 'tenant', colocate_with => 'contact');
select create_distributed_table('whatsapp_web_key', 'tenant', colocate_with => 'contact');
select create_distributed_table('whatsapp_web_errand', 'tenant', colocate_with => 'contact');
select create_distributed_table('allowance', 'tenant', colocate_with => 'contact');
select create_distributed_table('contact_merge', 'tenant', colocate_with => 'contact');
select create_distributed_table('chat_link', 'tenant', colocate_with => 'contact');
select create_distributed_table('chat_block', 'tenant', colocate_with => 'contact');
