variable "name" {
  type        = string
  description = "Name in front of the names of all resources."
}
variable "vpc_id" {
  type        = string
  description = "VPC of the resources."
}
variable "subnet_ids" {
  type        = list(string)
  description = "Subnets the resources are placed in."
}
variable "kms_key_arn" {
  type        = string
  description = "Key that encrypts what is stored here."
}
variable "client_group_id" {
  type        = string
  description = "Security group of the clients."
}
variable "cache_group_id" {
  type        = string
  description = "Security group of the cache."
}
variable "password" {
  sensitive = true
}
variable "tags" {
  type        = map(string)
  description = "Tags of all resources."
}
variable "settings" {
  type        = any
  description = "What differs between environments."
}

resource "aws_db_subnet_group" "main" {
  name       = var.name
  subnet_ids = var.subnet_ids
  tags       = var.tags
}

resource "aws_elasticache_replication_group" "sessions" {
  replication_group_id       = "${var.name}-sessions"
  description                = "Sessions of ${var.name}"
  engine                     = "redis"
  node_type                  = "cache.t4g.small"
  num_cache_clusters         = 2
  automatic_failover_enabled = true
  at_rest_encryption_enabled = var.settings.encrypted
  transit_encryption_enabled = var.settings.encrypted
  kms_key_id                 = var.kms_key_arn
  security_group_ids         = [var.cache_group_id]
  tags                       = var.tags
}

module "ledger" {
  source          = "../database"
  name            = "${var.name}-ledger"
  engine          = "postgres"
  engine_version  = "16.4"
  port            = 5432
  vpc_id          = var.vpc_id
  subnet_group    = aws_db_subnet_group.main.name
  client_group_id = var.client_group_id
  kms_key_arn     = var.kms_key_arn
  password        = var.password
  tags            = var.tags
  settings        = var.settings
}

module "orders" {
  source          = "../database"
  name            = "${var.name}-orders"
  engine          = "postgres"
  engine_version  = "16.4"
  port            = 5432
  vpc_id          = var.vpc_id
  subnet_group    = aws_db_subnet_group.main.name
  client_group_id = var.client_group_id
  kms_key_arn     = var.kms_key_arn
  password        = var.password
  tags            = var.tags
  settings        = var.settings
}

module "users" {
  source          = "../database"
  name            = "${var.name}-users"
  engine          = "mysql"
  engine_version  = "8.0.39"
  port            = 3306
  vpc_id          = var.vpc_id
  subnet_group    = aws_db_subnet_group.main.name
  client_group_id = var.client_group_id
  kms_key_arn     = var.kms_key_arn
  password        = var.password
  tags            = var.tags
  settings        = var.settings
}
