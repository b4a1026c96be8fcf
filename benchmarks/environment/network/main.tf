variable "name" {
  type        = string
  description = "Name in front of the names of all resources."
}
variable "cidr" {
  type        = string
  description = "Address range of the VPC."
}
variable "zones" {
  type        = map(number)
  description = "Availability zone suffixes and their numbers."
}
variable "tags" {
  type        = map(string)
  description = "Tags of all resources."
}
variable "settings" {
  type        = any
  description = "What differs between environments."
}
variable "log_role" {
  type        = string
  description = "Role that writes the flow logs."
}
variable "log_arn" {
  type        = string
  description = "Log group of the flow logs."
}

resource "aws_vpc" "main" {
  cidr_block           = var.cidr
  enable_dns_hostnames = true
  tags                 = merge(var.tags, { Name = var.name })
}

resource "aws_internet_gateway" "main" {
  vpc_id = aws_vpc.main.id
  tags   = merge(var.tags, { Name = var.name })
}

resource "aws_subnet" "public" {
  for_each                = var.zones
  vpc_id                  = aws_vpc.main.id
  cidr_block              = cidrsubnet(var.cidr, 8, each.value)
  availability_zone       = "eu-west-1${each.key}"
  map_public_ip_on_launch = var.settings.public
  tags                    = merge(var.tags, { Name = "${var.name}-public-${each.key}" })
}

resource "aws_subnet" "private" {
  for_each                = var.zones
  vpc_id                  = aws_vpc.main.id
  cidr_block              = cidrsubnet(var.cidr, 8, 16 + each.value)
  availability_zone       = "eu-west-1${each.key}"
  map_public_ip_on_launch = var.settings.public
  tags                    = merge(var.tags, { Name = "${var.name}-private-${each.key}" })
}

resource "aws_subnet" "database" {
  for_each                = var.zones
  vpc_id                  = aws_vpc.main.id
  cidr_block              = cidrsubnet(var.cidr, 8, 32 + each.value)
  availability_zone       = "eu-west-1${each.key}"
  map_public_ip_on_launch = var.settings.public
  tags                    = merge(var.tags, { Name = "${var.name}-database-${each.key}" })
}

resource "aws_eip" "nat" {
  for_each = var.zones
  domain   = "vpc"
  tags     = merge(var.tags, { Name = "${var.name}-nat-${each.key}" })
}

resource "aws_nat_gateway" "main" {
  for_each      = var.zones
  allocation_id = aws_eip.nat[each.key].id
  subnet_id     = aws_subnet.public[each.key].id
  tags          = merge(var.tags, { Name = "${var.name}-${each.key}" })
  depends_on    = [aws_internet_gateway.main]
}

resource "aws_route_table" "public" {
  vpc_id = aws_vpc.main.id
  tags   = merge(var.tags, { Name = "${var.name}-public" })
}

resource "aws_route_table" "private" {
  for_each = var.zones
  vpc_id   = aws_vpc.main.id
  tags     = merge(var.tags, { Name = "${var.name}-private-${each.key}" })
}

resource "aws_route" "internet" {
  route_table_id         = aws_route_table.public.id
  destination_cidr_block = "0.0.0.0/0"
  gateway_id             = aws_internet_gateway.main.id
}

resource "aws_route" "nat" {
  for_each               = var.zones
  route_table_id         = aws_route_table.private[each.key].id
  destination_cidr_block = "0.0.0.0/0"
  nat_gateway_id         = aws_nat_gateway.main[each.key].id
}

resource "aws_route_table_association" "public" {
  for_each       = var.zones
  subnet_id      = aws_subnet.public[each.key].id
  route_table_id = aws_route_table.public.id
}

resource "aws_route_table_association" "private" {
  for_each       = var.zones
  subnet_id      = aws_subnet.private[each.key].id
  route_table_id = aws_route_table.private[each.key].id
}

resource "aws_route_table_association" "database" {
  for_each       = var.zones
  subnet_id      = aws_subnet.database[each.key].id
  route_table_id = aws_route_table.private[each.key].id
}

resource "aws_network_acl" "private" {
  vpc_id     = aws_vpc.main.id
  subnet_ids = values(aws_subnet.private)[*].id
  tags       = merge(var.tags, { Name = "${var.name}-private" })
}

resource "aws_network_acl" "database" {
  vpc_id     = aws_vpc.main.id
  subnet_ids = [for subnet in aws_subnet.database : subnet.id]
  tags       = merge(var.tags, { Name = "${var.name}-database" })
}

locals {
  acl = {
    ssh       = { number = 100, port = 22, protocol = "tcp", cidr = var.cidr }
    https     = { number = 110, port = 443, protocol = "tcp", cidr = var.cidr }
    postgres  = { number = 120, port = 5432, protocol = "tcp", cidr = var.cidr }
    ephemeral = { number = 130, port = 32768, protocol = "tcp", cidr = var.cidr }
  }
}

resource "aws_network_acl_rule" "private_in" {
  for_each       = local.acl
  network_acl_id = aws_network_acl.private.id
  rule_number    = each.value.number
  egress         = false
  protocol       = each.value.protocol
  rule_action    = "allow"
  cidr_block     = each.value.cidr
  from_port      = each.value.port
  to_port        = each.value.port
}

resource "aws_network_acl_rule" "database_in" {
  for_each       = local.acl
  network_acl_id = aws_network_acl.database.id
  rule_number    = each.value.number
  egress         = false
  protocol       = each.value.protocol
  rule_action    = "allow"
  cidr_block     = each.value.cidr
  from_port      = each.value.port
  to_port        = each.value.port
}

resource "aws_network_acl_rule" "out" {
  network_acl_id = aws_network_acl.private.id
  rule_number    = 200
  egress         = true
  protocol       = "-1"
  rule_action    = "allow"
  cidr_block     = "0.0.0.0/0"
}

resource "aws_flow_log" "main" {
  vpc_id               = aws_vpc.main.id
  traffic_type         = "ALL"
  iam_role_arn         = var.log_role
  log_destination      = var.log_arn
  log_destination_type = "cloud-watch-logs"
  tags                 = var.tags
}

output "vpc_id" {
  value = aws_vpc.main.id
}
output "public_subnet_ids" {
  value = [for subnet in aws_subnet.public : subnet.id]
}
output "private_subnet_ids" {
  value = values(aws_subnet.private)[*].id
}
output "database_subnet_ids" {
  value = values(aws_subnet.database)[*].id
}
